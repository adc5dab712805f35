"""Layers on one tensor, and alignments: layers on a dict of embeddings."""

from mmfusion.layers.alignment import Alignment
from mmfusion.layers.alignment_loss import AlignmentLoss
from mmfusion.layers.attention_pool import AttentionPool
from mmfusion.layers.batch_norm import BatchNorm
from mmfusion.layers.contrastive_alignment import ContrastiveAlignment
from mmfusion.layers.conv_pool_block import ConvPoolBlock
from mmfusion.layers.cross_attention import CrossAttention
from mmfusion.layers.cross_attention_alignment import CrossAttentionAlignment
from mmfusion.layers.deep_cca_alignment import DeepCCAAlignment
from mmfusion.layers.keep_present import KeepPresent
from mmfusion.layers.layer_norm import LayerNorm
from mmfusion.layers.learn_present import LearnPresent
from mmfusion.layers.max_pool import MaxPool
from mmfusion.layers.mean_pool import MeanPool
from mmfusion.layers.modality_dropout import ModalityDropout
from mmfusion.layers.position_embedding import PositionEmbedding
from mmfusion.layers.pretrained import Pretrained
from mmfusion.layers.projection import Projection
from mmfusion.layers.projection_alignment import ProjectionAlignment
from mmfusion.layers.resampler import Resampler
from mmfusion.layers.resampler_alignment import ResamplerAlignment
from mmfusion.layers.sentence_pool import SentencePool
from mmfusion.layers.shared_projection_alignment import (
    SharedProjectionAlignment,
)
from mmfusion.layers.table_features import TableFeatures
from mmfusion.layers.table_tokens import TableTokens
from mmfusion.layers.transformer_block import TransformerBlock
from mmfusion.layers.unmerge_steps import UnmergeSteps
from mmfusion.layers.word_embedding import WordEmbedding

__all__ = [
    "Alignment",
    "AlignmentLoss",
    "AttentionPool",
    "BatchNorm",
    "ContrastiveAlignment",
    "ConvPoolBlock",
    "CrossAttention",
    "CrossAttentionAlignment",
    "DeepCCAAlignment",
    "KeepPresent",
    "LayerNorm",
    "LearnPresent",
    "MaxPool",
    "MeanPool",
    "ModalityDropout",
    "PositionEmbedding",
    "Pretrained",
    "Projection",
    "ProjectionAlignment",
    "Resampler",
    "ResamplerAlignment",
    "SentencePool",
    "SharedProjectionAlignment",
    "TableFeatures",
    "TableTokens",
    "TransformerBlock",
    "UnmergeSteps",
    "WordEmbedding",
]
