"""Encoders of several values in a row."""

import mmfusion as mm
from tests.conformance.cases.case import (
    ROWS,
    Case,
    floats,
    random,
    steps_that_count,
)


def _vectors():
    return {"x": {"mask": steps_that_count(3), "several": floats(3, 4)}}


def _texts():
    ids = random(0).integers(0, 9, (ROWS, 3, 5)).astype("int32")
    return {"x": {"mask": steps_that_count(3), "several": ids}}


def _several(encoder, **options):
    return mm.encoders.several(encoder, count=3, units=6, **options)


VECTOR = {"name": "vector_mlp", "dim": 4, "units": 5, "hidden": ()}
TEXT = {
    "name": "text_transformer",
    "vocabulary_size": 9,
    "length": 5,
    "units": 5,
    "embedding": 4,
    "num_layers": 1,
    "num_heads": 2,
    "dropout": 0.0,
}

CASES = [
    Case("several", lambda: _several(VECTOR), _vectors, "encoder"),
    Case(
        "several",
        lambda: _several(TEXT, pool="mean"),
        _texts,
        "encoder",
        "texts",
    ),
    Case(
        "several",
        lambda: _several(VECTOR, pool=None),
        _vectors,
        "encoder",
        "sequence",
    ),
]
