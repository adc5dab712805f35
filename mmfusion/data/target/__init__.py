"""Targets: what a column of a table teaches a model."""

from mmfusion.data.target.base import Target, check_names
from mmfusion.data.target.class_target import ClassTarget
from mmfusion.data.target.labels_target import LabelsTarget
from mmfusion.data.target.number_target import NumberTarget
from mmfusion.data.target.resolve import resolve_targets

__all__ = [
    "ClassTarget",
    "LabelsTarget",
    "NumberTarget",
    "Target",
    "check_names",
    "resolve_targets",
]
