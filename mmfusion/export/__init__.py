"""Models as files for servers and phones, compared before they are done."""

from mmfusion.export.litert import litert
from mmfusion.export.saved_model import saved_model

__all__ = ["litert", "saved_model"]
