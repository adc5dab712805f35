"""What the columns of a table may be: inferred, with reasons, to be edited."""

from mmfusion.data.inference.infer import Inference, infer

__all__ = ["Inference", "infer"]
