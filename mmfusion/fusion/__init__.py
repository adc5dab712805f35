"""Feature-level fusion: named embeddings in, one embedding out."""

from mmfusion.fusion.base import Fusion
from mmfusion.fusion.concat import ConcatFusion
from mmfusion.fusion.gated import GatedFusion
from mmfusion.fusion.weighted import WeightedFusion

__all__ = ["ConcatFusion", "Fusion", "GatedFusion", "WeightedFusion"]
