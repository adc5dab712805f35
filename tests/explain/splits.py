"""A small labelled data set in memory, with the interface of a `Split`."""

import types

import keras
import numpy as np
import tensorflow as tf

import mmfusion as mm


class ArraySplit:
    """Rows in memory; flags for the optional modalities are all true."""

    def __init__(self, name, inputs, targets, groups=None, unit="row", **more):
        self.name, self.inputs, self.targets = name, inputs, targets
        self.groups, self.unit = groups, unit
        self.ceiling = more.get("ceiling")
        self.classes = more.get("classes", {})
        self.optional = more.get("optional", ())
        self.rows = len(next(iter(inputs.values())))
        self.batch_size = None

    def __len__(self):
        return self.rows

    def arrays(self, rows=None):
        rows = slice(None) if rows is None else rows
        flags = {
            f"{name}_present": np.ones(self.rows, bool)
            for name in self.optional
        }
        inputs = {**self.inputs, **flags}
        return (
            {key: x[rows] for key, x in inputs.items()},
            {key: y[rows] for key, y in self.targets.items()},
        )

    def batches(self, size, shuffle=None, **_):
        self.batch_size = size
        order = np.arange(self.rows)
        if shuffle or (shuffle is None and self.name == "train"):
            order = np.random.default_rng(0).permutation(order)
        return tf.data.Dataset.from_tensor_slices(self.arrays(order)).batch(
            size
        )


def vectors(rows=240, seed=0, optional=(), units=24, classes=("cat", "dog")):
    """Two vectors `a` and `b`; the class is which of two sums is larger.

    Neither vector tells it alone, both together do; rows come in units.
    """
    rng = np.random.default_rng(seed)

    def split(name, rows):
        a, b = rng.normal(size=(2, rows, 3)).astype("float32")
        label = (a[:, 0] + b[:, 0] > 0).astype("int64")
        return ArraySplit(
            name,
            {"a": a, "b": b},
            {"label": label},
            groups=np.array([f"r{i % units}" for i in range(rows)]),
            unit="recording",
            ceiling={"a": 0.75, "b": 0.75, "fused": 1.0},
            classes={"label": list(classes)},
            optional=optional,
        )

    return types.SimpleNamespace(
        train=split("train", rows * 4),
        validation=split("validation", rows),
        test=split("test", rows),
        inputs={"a": None, "b": None},
        target="label",
    )


def vector_model(
    optional=(), late=False, classes=("cat", "dog"), seed=0, **options
):
    """An untrained model of the two vectors, compiled."""
    keras.utils.set_random_seed(seed)
    encoders = {
        name: mm.encoders.vector_mlp(3, units=4, hidden=(8,), name=name)
        for name in ("a", "b")
    }
    task = mm.tasks.Classification(list(classes))
    if late:
        model = mm.models.late_fusion_model(
            encoders,
            mm.decision.AverageDecision(),
            task,
            optional=optional,
            auxiliary=True,
            **options,
        )
    else:
        model = mm.models.fusion_model(
            encoders,
            mm.fusion.ConcatFusion(8),
            task,
            optional=optional,
            **options,
        )
    model.compile(
        keras.optimizers.Adam(0.02), **mm.tasks.compile_arguments(model)
    )
    return model
