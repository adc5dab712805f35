"""Tasks: a head, the loss and the metrics that fit each other."""

from mmfusion.tasks.classification import Classification
from mmfusion.tasks.compile_arguments import compile_arguments

__all__ = ["Classification", "compile_arguments"]
