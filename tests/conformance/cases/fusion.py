"""Feature-level fusions."""

import mmfusion as mm
from tests.conformance.cases.case import Case
from tests.conformance.cases.embeddings import (
    embeddings,
    pooled_and_sequences,
    sequences,
)


def _case(name, create, arguments=embeddings, variant=""):
    return Case(name, create, arguments, "fusion", variant)


_ATTENTION = {"num_heads": 2, "hidden": 8}

CASES = [
    _case("concat", lambda: mm.fusion.ConcatFusion(6)),
    _case("gated", lambda: mm.fusion.GatedFusion(6)),
    _case("weighted", lambda: mm.fusion.WeightedFusion(6, activation="gelu")),
    _case("tensor", lambda: mm.fusion.TensorFusion(6, width=4)),
    _case("low_rank", lambda: mm.fusion.LowRankFusion(6, rank=2)),
    _case("mutan", lambda: mm.fusion.MutanFusion(6, width=5, rank=2)),
    _case(
        "factorized_bilinear",
        lambda: mm.fusion.FactorizedBilinearFusion(6, factors=2, dropout=0.0),
    ),
    _case(
        "compact_bilinear", lambda: mm.fusion.CompactBilinearFusion(units=12)
    ),
    _case("film", lambda: mm.fusion.FiLMFusion(6)),
    _case(
        "film",
        lambda: mm.fusion.FiLMFusion(6, target="image"),
        variant="target",
    ),
    _case("hypernetwork", lambda: mm.fusion.HypernetworkFusion(6, rank=2)),
    _case(
        "hypernetwork",
        lambda: mm.fusion.HypernetworkFusion(6, target="image", rank=2),
        variant="target",
    ),
    _case(
        "bilinear_attention",
        lambda: mm.fusion.BilinearAttentionFusion(6),
        sequences,
    ),
    _case(
        "bilinear_attention",
        lambda: mm.fusion.BilinearAttentionFusion(6, score="cosine"),
        sequences,
        "cosine",
    ),
    _case(
        "bilinear_attention",
        lambda: mm.fusion.BilinearAttentionFusion(6),
        pooled_and_sequences,
        "pooled",
    ),
    _case("co_attention", lambda: mm.fusion.CoAttentionFusion(6), sequences),
    _case(
        "co_attention",
        lambda: mm.fusion.CoAttentionFusion(6),
        pooled_and_sequences,
        "pooled",
    ),
    _case(
        "cross_attention",
        lambda: mm.fusion.CrossAttentionFusion(4, num_heads=2),
        sequences,
    ),
    _case(
        "self_attention",
        lambda: mm.fusion.SelfAttentionFusion(8, **_ATTENTION),
        sequences,
    ),
    _case(
        "self_attention",
        lambda: mm.fusion.SelfAttentionFusion(8, **_ATTENTION),
        pooled_and_sequences,
        "pooled",
    ),
    _case(
        "bottleneck",
        lambda: mm.fusion.BottleneckFusion(4, num_tokens=2, **_ATTENTION),
        sequences,
    ),
    _case(
        "perceiver",
        lambda: mm.fusion.PerceiverFusion(4, num_latents=2, **_ATTENTION),
        sequences,
    ),
]
