"""Training by rules that can be written down and used again."""

from mmfusion.training.balance import class_weights, row_weights
from mmfusion.training.co_training import PseudoLabels, co_training
from mmfusion.training.distillation import Distillation
from mmfusion.training.feature_mixup import FeatureMixup
from mmfusion.training.fine_tuning import FineTuning
from mmfusion.training.finite import TrainingError
from mmfusion.training.fit import Outcome, check_fit, fit
from mmfusion.training.gradient_blending import Blend, gradient_blending
from mmfusion.training.gradient_modulation import GradientModulation
from mmfusion.training.method import Method
from mmfusion.training.mutual import MutualLearning
from mmfusion.training.plan import Plan, check_settings
from mmfusion.training.precision import precision
from mmfusion.training.rules import Rules
from mmfusion.training.transfer import Transfer, transfer_batches
from mmfusion.training.uncertainty import UncertaintyWeighting
from mmfusion.training.xla import resolve_xla

__all__ = [
    "Blend",
    "Distillation",
    "FeatureMixup",
    "FineTuning",
    "GradientModulation",
    "Method",
    "MutualLearning",
    "Outcome",
    "Plan",
    "PseudoLabels",
    "Rules",
    "TrainingError",
    "Transfer",
    "UncertaintyWeighting",
    "check_fit",
    "check_settings",
    "class_weights",
    "co_training",
    "fit",
    "gradient_blending",
    "precision",
    "resolve_xla",
    "row_weights",
    "transfer_batches",
]
