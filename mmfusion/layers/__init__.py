"""Layers on one tensor."""

from mmfusion.layers.keep_present import KeepPresent
from mmfusion.layers.mean_pool import MeanPool
from mmfusion.layers.table_features import TableFeatures

__all__ = ["KeepPresent", "MeanPool", "TableFeatures"]
