"""`av_mnist`, anew for each seed."""

import functools

import numpy as np

import mmfusion as mm
from benchmarks.zoo.problem import Problem, Rows

SEEDS = 3


def problems():
    """One for each seed, which draws pairs, noise, weights and order."""
    return [
        Problem(
            f"av_mnist-{seed}",
            ("image", "sound"),
            functools.partial(_rows, seed),
            encoders=_encoders,
            epochs={"encoder": 8, "features": 8, "end": 3},
            batch=128,
            seed=seed,
        )
        for seed in range(SEEDS)
    ]


def _rows(seed):
    data = mm.registry.get("dataset", "av_mnist")(seed=seed)
    splits = {
        "train": data.train,
        "validation": data.validation,
        "test": data.test,
    }
    x, y, groups, parts, start = [], [], [], {}, 0
    for name, split in splits.items():
        inputs, targets = split.arrays()
        x.append(inputs)
        y.append(targets["label"])
        groups.append(np.asarray(split.groups).astype(str))
        parts[name] = np.arange(start, start + len(split))
        start += len(split)
    return Rows(
        {n: np.concatenate([part[n] for part in x]) for n in x[0]},
        np.concatenate(y),
        np.concatenate(groups),
        parts,
    )


def _encoders(x):
    """Networks that give steps, untrained, by modality."""
    return {
        "image": mm.encoders.image_cnn(
            x["image"].shape[1:], units=32, hidden=(8, 16), pool=None
        ),
        "sound": mm.encoders.audio_cnn(
            x["sound"].shape[1:],
            units=64,
            hidden=(12, 24, 48),
            pool=None,
            dropout=0.3,
        ),
    }
