"""Decision-level fusions."""

import mmfusion as mm
from tests.conformance.cases.case import Case
from tests.conformance.cases.embeddings import probabilities

CASES = [
    Case("average", mm.decision.AverageDecision, probabilities, "decision"),
    Case(
        "stacked",
        lambda: mm.decision.StackedDecision(6),
        probabilities,
        "decision",
    ),
]
