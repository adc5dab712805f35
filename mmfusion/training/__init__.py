"""Training by rules that can be written down and used again."""

from mmfusion.training.fit import Outcome, fit
from mmfusion.training.rules import Rules
from mmfusion.training.xla import resolve_xla

__all__ = ["Outcome", "Rules", "fit", "resolve_xla"]
