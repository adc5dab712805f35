"""Decision-level fusion: what each modality's head answers in, one out."""

from mmfusion.decision.argmax import ArgmaxDecision
from mmfusion.decision.average import AverageDecision
from mmfusion.decision.base import Decision
from mmfusion.decision.maximum import MaximumDecision
from mmfusion.decision.product import ProductDecision
from mmfusion.decision.stacked import StackedDecision
from mmfusion.decision.vote import VoteDecision
from mmfusion.decision.weighted import WeightedDecision

__all__ = [
    "ArgmaxDecision",
    "AverageDecision",
    "Decision",
    "MaximumDecision",
    "ProductDecision",
    "StackedDecision",
    "VoteDecision",
    "WeightedDecision",
]
