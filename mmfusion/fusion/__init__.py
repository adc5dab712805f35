"""Feature-level fusion: named embeddings in, one embedding out."""

from mmfusion.fusion.base import Fusion, build_projections
from mmfusion.fusion.bilinear_attention import BilinearAttentionFusion
from mmfusion.fusion.bottleneck import BottleneckFusion
from mmfusion.fusion.co_attention import CoAttentionFusion
from mmfusion.fusion.compact_bilinear import CompactBilinearFusion
from mmfusion.fusion.concat import ConcatFusion
from mmfusion.fusion.cross_attention import CrossAttentionFusion
from mmfusion.fusion.factorized_bilinear import FactorizedBilinearFusion
from mmfusion.fusion.film import FiLMFusion
from mmfusion.fusion.gated import GatedFusion
from mmfusion.fusion.hypernetwork import HypernetworkFusion
from mmfusion.fusion.low_rank import LowRankFusion
from mmfusion.fusion.mutan import MutanFusion
from mmfusion.fusion.perceiver import PerceiverFusion
from mmfusion.fusion.self_attention import SelfAttentionFusion
from mmfusion.fusion.tensor import TensorFusion
from mmfusion.fusion.weighted import WeightedFusion

__all__ = [
    "BilinearAttentionFusion",
    "BottleneckFusion",
    "CoAttentionFusion",
    "CompactBilinearFusion",
    "ConcatFusion",
    "CrossAttentionFusion",
    "FactorizedBilinearFusion",
    "FiLMFusion",
    "Fusion",
    "GatedFusion",
    "HypernetworkFusion",
    "LowRankFusion",
    "MutanFusion",
    "PerceiverFusion",
    "SelfAttentionFusion",
    "TensorFusion",
    "WeightedFusion",
    "build_projections",
]
