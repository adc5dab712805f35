"""Assembly: encoders, fusion and tasks to one model."""

from mmfusion.models.alone import alone
from mmfusion.models.assembly import fusion_model, late_fusion_model
from mmfusion.models.from_schema import (
    encoder_settings,
    encoders_for,
    from_schema,
    tasks_for,
)
from mmfusion.models.fusion_model import FusionModel
from mmfusion.models.with_tasks import with_tasks

__all__ = [
    "FusionModel",
    "alone",
    "encoder_settings",
    "encoders_for",
    "from_schema",
    "fusion_model",
    "late_fusion_model",
    "tasks_for",
    "with_tasks",
]
