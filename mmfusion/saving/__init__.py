"""Models from files: checked first, then loaded."""

from mmfusion.saving.load import load_model, register

__all__ = ["load_model", "register"]
