"""The time of a training step against `ConcatFusion`, in turns."""

import statistics
import time

import keras
import numpy as np

import mmfusion as mm
from benchmarks.zoo import training

_ROUNDS, _STEPS, _WARM = 7, 20, 5


def ratio(kind, name, shapes, batch, classes=10):
    """How many times as long as `ConcatFusion` a step takes.

    Both are compiled and fed alike, in one process, and take turns.

    Args:
        kind, name: as `training.middle` takes them.
        shapes: dict of modality to dict of `"steps"` and `"embedding"` shapes.
        batch: int. Rows of a step.
        classes: int.

    Returns:
        Dict of plain values: `milliseconds` and `ratio`, medians over rounds;
        `low` and `high`, the least and the largest ratio of a round; `seconds`.
    """
    start = time.perf_counter()
    steps = [
        _step(*which, shapes, batch, classes)
        for which in (("fusion", "concat"), (kind, name))
    ]
    for run in steps:
        run(_WARM)
    rounds = [[run(_STEPS) for run in steps] for _ in range(_ROUNDS)]
    ratios = [mine / concat for concat, mine in rounds]
    return {
        "milliseconds": statistics.median(mine for _, mine in rounds),
        "ratio": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
        "seconds": time.perf_counter() - start,
    }


def _step(kind, name, shapes, batch, classes):
    """A function that runs so many training steps: milliseconds for each."""
    _, wants = training.middle(kind, name)
    chosen = {
        n: s["steps" if wants else "embedding"] for n, s in shapes.items()
    }
    model = training.assembled(
        kind,
        name,
        lambda steps: {n: training.given(s) for n, s in chosen.items()},
        classes,
    )
    model.compile(
        "adam", jit_compile=False, **mm.tasks.compile_arguments(model)
    )
    random = np.random.default_rng(0)
    x = {
        n: keras.ops.convert_to_tensor(
            random.normal(size=(batch, *s)).astype("float32")
        )
        for n, s in chosen.items()
    }
    y = {
        "label": keras.ops.convert_to_tensor(random.integers(0, classes, batch))
    }

    def run(count):
        began = time.perf_counter()
        for _ in range(count):
            model.train_on_batch(x, y)
        return 1e3 * (time.perf_counter() - began) / count

    return run
