"""Pretrained models as encoders."""

from mmfusion.pretrained.hub_backbone import HubBackbone
from mmfusion.pretrained.hub_image import hub_image
from mmfusion.pretrained.hub_text import hub_text
from mmfusion.pretrained.keras_hub_image import keras_hub_image
from mmfusion.pretrained.keras_hub_text import keras_hub_text
from mmfusion.pretrained.saved_model import SavedModelLayer
from mmfusion.pretrained.saved_model_encoder import saved_model_encoder
from mmfusion.pretrained.sentence_bert import sentence_bert

__all__ = [
    "HubBackbone",
    "SavedModelLayer",
    "hub_image",
    "hub_text",
    "keras_hub_image",
    "keras_hub_text",
    "saved_model_encoder",
    "sentence_bert",
]
