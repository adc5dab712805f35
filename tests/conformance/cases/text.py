"""Encoders of texts."""

import mmfusion as mm
from tests.conformance.cases.case import ROWS, Case, floats, random

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
        lambda: {"x": random(0).integers(0, 9, (ROWS, 5)).astype("int32")},
        "encoder",
    ),
]
