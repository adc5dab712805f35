"""Training by rules that can be written down and used again."""

from mmfusion.training.fit import Outcome, TrainingError, fit
from mmfusion.training.precision import precision
from mmfusion.training.rules import Rules
from mmfusion.training.xla import resolve_xla

__all__ = [
    "Outcome",
    "Rules",
    "TrainingError",
    "fit",
    "precision",
    "resolve_xla",
]
