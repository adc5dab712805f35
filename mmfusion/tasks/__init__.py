"""Tasks: a head, the loss and the metrics that fit each other."""

from mmfusion.tasks.base import Task
from mmfusion.tasks.classification import Classification
from mmfusion.tasks.compile_arguments import compile_arguments
from mmfusion.tasks.multi_label import MultiLabel
from mmfusion.tasks.regression import Regression

__all__ = [
    "Classification",
    "MultiLabel",
    "Regression",
    "Task",
    "compile_arguments",
]
