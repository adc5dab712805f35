"""Metrics: thin Keras classes over `ops`."""

from mmfusion.metrics.class_accuracy import ClassAccuracy
from mmfusion.metrics.samples_f1 import SamplesF1

__all__ = ["ClassAccuracy", "SamplesF1"]
