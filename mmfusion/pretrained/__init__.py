"""Pretrained models as encoders."""

from mmfusion.pretrained.hub_image import hub_image
from mmfusion.pretrained.hub_text import hub_text
from mmfusion.pretrained.saved_model import SavedModelLayer
from mmfusion.pretrained.saved_model_encoder import saved_model_encoder

__all__ = [
    "SavedModelLayer",
    "hub_image",
    "hub_text",
    "saved_model_encoder",
]
