"""Encoders of vectors."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats

CASES = [
    Case(
        "vector_mlp",
        lambda: mm.encoders.vector_mlp(4, units=6, hidden=(5,)),
        lambda: {"x": floats(4)},
        "encoder",
    ),
]
