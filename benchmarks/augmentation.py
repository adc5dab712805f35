"""`python -m benchmarks.augmentation`: what each augmentation costs.

Samples a second of each, in a graph as `Split.batches` runs it. Writes
`augmentation.md` beside this file.
"""

import argparse
import os
import pathlib
import statistics
import time

import numpy as np
import tensorflow as tf

from benchmarks import tables
from mmfusion import files, registry
from mmfusion.data import augment

HERE = pathlib.Path(__file__).parent
BATCH = 64
SHAPES = {
    "image": (96, 96, 3),
    "clip": (8, 48, 48, 3),
    "log_mel": (100, 64),
    "waveform": (16000,),
    "ids": (32,),
    "bag": (2000,),
}


def batch(content):
    random = np.random.default_rng(0)
    shape = (BATCH, *SHAPES[content])
    if content == "ids":
        return tf.constant(random.integers(0, 8000, shape), "int32")
    high = 255 if content in ("image", "clip") else 1
    return tf.constant(random.uniform(0, high, shape), "float32")


def contents():
    """`(name, content)` of all that can be altered."""
    return [
        (name, content)
        for content in SHAPES
        for name in registry.names("augmentation")
        if content in registry.get("augmentation", name).contents
    ]


def measured(rounds):
    """Seconds of a batch, by what is altered, and by what."""
    calls, seconds = {}, {}
    for name, content in contents():
        thing, x = augment.create(name), batch(content)
        call = tf.function(thing).get_concrete_function(
            x, tf.TensorSpec((2,), "int32")
        )
        calls[name, content] = (call, x)
        call(x, tf.constant([0, 0]))
        seconds[name, content] = []
    mixed = augment.Mixup()
    x, y = {"photo": batch("image")}, {"label": tf.range(BATCH) % 10}
    mix = tf.function(lambda x, seed: mixed(x, y, None, seed, {"label": 10}))
    calls["mixup", "image"] = (mix, x)
    mix(x, tf.constant([0, 0]))
    seconds["mixup", "image"] = []
    for turn in range(rounds):
        for key, (call, x) in calls.items():
            seed = tf.constant([turn, 1])
            begin = time.perf_counter()
            call(x, seed)
            seconds[key].append(time.perf_counter() - begin)
    return seconds


def speed_rows(rounds):
    rows = []
    for (name, content), times in measured(rounds).items():
        shape = " x ".join(map(str, SHAPES[content]))
        first, middle, third = statistics.quantiles(times, n=4)
        rows.append(
            [
                f"`{name}`",
                f"{content}, {shape}",
                f"{1e3 * middle:.1f} ({1e3 * first:.1f} to {1e3 * third:.1f})",
                f"{BATCH / middle:,.0f}",
            ]
        )
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=41)
    options = parser.parse_args()
    table = tables.markdown(
        ["augmentation", "of", "ms a batch", "samples a second"],
        speed_rows(options.rounds),
    )
    text = f"""# What augmentation costs

Written by `python -m benchmarks.augmentation`: batches of {BATCH} in a graph,
medians of {options.rounds} turns and their middle half; all take part in each
turn, one after the other.

{table}

{tables.versions()}
"""
    files.write_text(HERE / "augmentation.md", text)
    print(text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
