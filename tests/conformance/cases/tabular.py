"""Encoders of tables."""

import mmfusion as mm
from tests.conformance.cases.case import Case
from tests.conformance.cases.table import table


def _transformer(**options):
    return mm.encoders.tabular_transformer(
        1, (4,), units=6, embedding=8, num_heads=2, **options
    )


CASES = [
    Case(
        "tabular_mlp",
        lambda: mm.encoders.tabular_mlp(1, (4,), units=6, hidden=(5,)),
        lambda: {"x": table()},
        "encoder",
    ),
    Case(
        "tabular_transformer", _transformer, lambda: {"x": table()}, "encoder"
    ),
    Case(
        "tabular_transformer",
        lambda: _transformer(pool=None),
        lambda: {"x": table()},
        "encoder",
        "sequence",
    ),
]
