"""Feature-level fusions."""

import mmfusion as mm
from tests.conformance.cases.case import Case
from tests.conformance.cases.embeddings import embeddings

CASES = [
    Case("concat", lambda: mm.fusion.ConcatFusion(6), embeddings, "fusion"),
    Case("gated", lambda: mm.fusion.GatedFusion(6), embeddings, "fusion"),
    Case(
        "weighted",
        lambda: mm.fusion.WeightedFusion(6, activation="gelu"),
        embeddings,
        "fusion",
    ),
]
