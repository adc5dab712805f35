"""Tasks."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats

CASES = [
    Case(
        "classification",
        lambda: mm.tasks.Classification(["a", "b", "c"]),
        lambda: {"features": floats(5)},
        "task",
    ),
]
