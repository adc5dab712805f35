"""Metrics: thin Keras classes over `ops`."""

from mmfusion.metrics.class_accuracy import ClassAccuracy

__all__ = ["ClassAccuracy"]
