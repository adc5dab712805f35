"""Encoders of texts."""

import mmfusion as mm
from tests.conformance.cases.case import ROWS, Case, floats, random


def _ids():
    return {"x": random(0).integers(0, 9, (ROWS, 5)).astype("int32")}


CASES = [
    Case(
        "text_bag",
        lambda: mm.encoders.text_bag(9, units=6, hidden=(5,)),
        lambda: {"x": floats(9, low=0.0)},
        "encoder",
    ),
    Case(
        "text_gru",
        lambda: mm.encoders.text_gru(9, length=5, units=6, embedding=4),
        _ids,
        "encoder",
    ),
    Case(
        "text_transformer",
        lambda: mm.encoders.text_transformer(
            9, length=5, units=6, embedding=4, num_layers=1, num_heads=2
        ),
        _ids,
        "encoder",
    ),
    Case(
        "text_transformer",
        lambda: mm.encoders.text_transformer(
            9, 5, units=6, embedding=4, num_layers=1, num_heads=2, pool=None
        ),
        _ids,
        "encoder",
        variant="sequence",
    ),
]
