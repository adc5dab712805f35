"""Decision-level fusions."""

import mmfusion as mm
from tests.conformance.cases.case import Case
from tests.conformance.cases.embeddings import probabilities


def _case(name, create, variant=""):
    return Case(name, create, probabilities, "decision", variant)


CASES = [
    _case("argmax", mm.decision.ArgmaxDecision),
    _case("average", mm.decision.AverageDecision),
    _case("maximum", mm.decision.MaximumDecision),
    _case("product", mm.decision.ProductDecision),
    _case(
        "product",
        lambda: mm.decision.ProductDecision(priors=[0.5, 0.3, 0.2]),
        "priors",
    ),
    _case("stacked", lambda: mm.decision.StackedDecision(6)),
    _case("vote", mm.decision.VoteDecision),
    _case("weighted", mm.decision.WeightedDecision),
]
