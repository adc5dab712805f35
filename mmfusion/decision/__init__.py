"""Decision-level fusion: each modality's class probabilities in, one out."""

from mmfusion.decision.average import AverageDecision
from mmfusion.decision.base import Decision
from mmfusion.decision.stacked import StackedDecision

__all__ = ["AverageDecision", "Decision", "StackedDecision"]
