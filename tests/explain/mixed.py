"""Rows with several labels and a number, and a model for them."""

import types

import keras
import numpy as np

import mmfusion as mm
from tests.explain.splits import ArraySplit

TAGS = ["sweet", "sour", "hot"]
MEAN, DEVIATION = 1500.0, 100.0


def tagged(rows=120, seed=0):
    """Vectors `a` and `b`, of which each knows a part of both targets."""
    random = np.random.default_rng(seed)

    def split(name, rows):
        a, b = random.normal(size=(2, rows, 3)).astype("float32")
        tags = np.stack([a[:, 0] > 0, b[:, 0] > 0.3, a[:, 1] + b[:, 1] > 1], 1)
        price = MEAN + DEVIATION * (a[:, 2] + b[:, 2]) / np.sqrt(2)
        return ArraySplit(
            name,
            {"a": a, "b": b},
            {"tags": tags.astype("float32"), "price": price.astype("float32")},
            classes={"tags": TAGS, "price": []},
            optional=("a", "b"),
        )

    return types.SimpleNamespace(
        train=split("train", 4 * rows),
        validation=split("validation", rows),
        test=split("test", rows),
        inputs={"a": None, "b": None},
    )


def tagging_model(seed=0, **options):
    """An untrained model of both targets."""
    keras.utils.set_random_seed(seed)
    return mm.models.fusion_model(
        {
            name: mm.encoders.vector_mlp(3, units=16, hidden=(16,), name=name)
            for name in ("a", "b")
        },
        mm.fusion.ConcatFusion(16),
        [
            mm.tasks.MultiLabel(TAGS, name="tags", threshold=0.4),
            mm.tasks.Regression(MEAN, DEVIATION, name="price"),
        ],
        optional=("a", "b"),
        **options,
    )
