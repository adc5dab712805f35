"""One case for every registered thing: the smallest that can show a fault."""

from tests.conformance.cases import (
    alignment,
    audio,
    convolution,
    decision,
    fusion,
    image,
    layers,
    several,
    tabular,
    task,
    text,
    vector,
    video,
)
from tests.conformance.cases.case import ROWS, Case

ALIGNMENTS = alignment.ALIGNMENTS
FUSIONS = fusion.CASES
DECISIONS = decision.CASES
TASKS = task.CASES
ENCODERS = [
    *audio.CASES,
    *image.CASES,
    *several.CASES,
    *tabular.CASES,
    *text.CASES,
    *vector.CASES,
    *video.CASES,
]
LAYERS = [*alignment.CASES, *convolution.CASES, *layers.CASES]
NAMED = {
    "alignment": ALIGNMENTS,
    "decision": DECISIONS,
    "encoder": ENCODERS,
    "fusion": FUSIONS,
    "task": TASKS,
}
EVERY = [
    *ALIGNMENTS,
    *FUSIONS,
    *DECISIONS,
    *ENCODERS,
    *TASKS,
    *LAYERS,
]

__all__ = [
    "ALIGNMENTS",
    "DECISIONS",
    "ENCODERS",
    "EVERY",
    "FUSIONS",
    "LAYERS",
    "NAMED",
    "ROWS",
    "TASKS",
    "Case",
]
