"""Pure functions of tensors."""

from mmfusion.ops.masking import keep_rows, masked_softmax

__all__ = ["keep_rows", "masked_softmax"]
