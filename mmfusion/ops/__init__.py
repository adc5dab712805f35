"""Pure functions of tensors."""

from mmfusion.ops.cca import canonical_correlations, deep_cca
from mmfusion.ops.contrastive import contrastive, equal_ids
from mmfusion.ops.hardmax import hardmax
from mmfusion.ops.masking import keep_rows, masked_mean, masked_softmax
from mmfusion.ops.open_sigmoid import open_sigmoid
from mmfusion.ops.signed_sqrt import signed_sqrt
from mmfusion.ops.similarity import cosine_similarity, l2_normalize

__all__ = [
    "canonical_correlations",
    "contrastive",
    "cosine_similarity",
    "deep_cca",
    "equal_ids",
    "hardmax",
    "keep_rows",
    "l2_normalize",
    "masked_mean",
    "masked_softmax",
    "open_sigmoid",
    "signed_sqrt",
]
