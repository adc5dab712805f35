"""Data: raw values to tensors, and tables to splits."""

from mmfusion.data.audio import Audio
from mmfusion.data.image import Image
from mmfusion.data.modality import BadValue, Modality
from mmfusion.data.storage import load_inputs, save_inputs
from mmfusion.data.tabular import Tabular
from mmfusion.data.text import Text
from mmfusion.data.vector import Vector

__all__ = [
    "Audio",
    "BadValue",
    "Image",
    "Modality",
    "Tabular",
    "Text",
    "Vector",
    "load_inputs",
    "save_inputs",
]
