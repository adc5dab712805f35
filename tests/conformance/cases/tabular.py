"""Encoders of tables."""

import mmfusion as mm
from tests.conformance.cases.case import Case
from tests.conformance.cases.table import table

CASES = [
    Case(
        "tabular_mlp",
        lambda: mm.encoders.tabular_mlp(1, (4,), units=6, hidden=(5,)),
        lambda: {"x": table()},
        "encoder",
    ),
]
