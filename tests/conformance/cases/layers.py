"""Layers for rows, sequences and tables."""

import keras
import numpy as np

import mmfusion as mm
from tests.conformance.cases.case import Case, floats
from tests.conformance.cases.table import table


def _steps():
    """A sequence and a mask: all steps, some, none, one."""
    mask = np.arange(5) < np.array([[5], [3], [0], [1]])
    return {"x": floats(5, 4), "mask": mask}


def _network():
    inputs = keras.Input((3,))
    return keras.Model(inputs, keras.layers.Dense(2)(inputs))


CASES = [
    Case(
        "AttentionPool",
        lambda: mm.layers.AttentionPool(num_heads=2),
        _steps,
        "layer",
    ),
    Case(
        "KeepPresent",
        mm.layers.KeepPresent,
        lambda: {
            "x": floats(3),
            "present": np.array([True, False, True, False]),
        },
        "layer",
    ),
    Case(
        "LearnPresent",
        mm.layers.LearnPresent,
        lambda: {
            "x": floats(3),
            "present": np.array([True, False, True, False]),
        },
        "layer",
    ),
    Case("MaxPool", mm.layers.MaxPool, _steps, "layer"),
    Case(
        "MeanPool",
        mm.layers.MeanPool,
        lambda: {"x": floats(5, 3)},
        "layer",
    ),
    Case(
        "PositionEmbedding",
        mm.layers.PositionEmbedding,
        lambda: {"x": floats(5, 4)},
        "layer",
    ),
    Case(
        "Pretrained",
        lambda: mm.layers.Pretrained(_network()),
        lambda: {"inputs": floats(3)},
        "layer",
    ),
    Case(
        "LayerNorm",
        mm.layers.LayerNorm,
        lambda: {"inputs": floats(3, 4)},
        "layer",
    ),
    Case("SentencePool", mm.layers.SentencePool, _steps, "layer"),
    Case(
        "TableFeatures",
        lambda: mm.layers.TableFeatures(1, (4,), embedding=2),
        lambda: {"x": table()},
        "layer",
    ),
    Case(
        "TableTokens",
        lambda: mm.layers.TableTokens(1, (4,), embedding=3, readout=True),
        lambda: {"x": table()},
        "layer",
    ),
    Case(
        "TransformerBlock",
        lambda: mm.layers.TransformerBlock(num_heads=2),
        _steps,
        "layer",
    ),
    Case(
        "WordEmbedding",
        lambda: mm.layers.WordEmbedding(9, 3, vectors=np.eye(9, 3)),
        lambda: {"inputs": np.arange(8, dtype="int32").reshape(4, 2)},
        "layer",
    ),
]
