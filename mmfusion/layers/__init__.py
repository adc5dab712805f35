"""Layers on one tensor."""

from mmfusion.layers.attention_pool import AttentionPool
from mmfusion.layers.keep_present import KeepPresent
from mmfusion.layers.max_pool import MaxPool
from mmfusion.layers.mean_pool import MeanPool
from mmfusion.layers.position_embedding import PositionEmbedding
from mmfusion.layers.table_features import TableFeatures
from mmfusion.layers.transformer_block import TransformerBlock

__all__ = [
    "AttentionPool",
    "KeepPresent",
    "MaxPool",
    "MeanPool",
    "PositionEmbedding",
    "TableFeatures",
    "TransformerBlock",
]
