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
    Case(
        "multi_label",
        lambda: mm.tasks.MultiLabel(["a", "b", "c"], threshold=0.4),
        lambda: {"features": floats(5)},
        "task",
    ),
    Case(
        "regression",
        lambda: mm.tasks.Regression(3.0, 2.0, loss="huber"),
        lambda: {"features": floats(5)},
        "task",
    ),
]
