"""What the base class does for fusions of sequences."""

import keras
import numpy as np
import pytest
from keras import ops

from mmfusion.fusion import (
    BilinearAttentionFusion,
    ConcatFusion,
    FactorizedBilinearFusion,
    Fusion,
)
from tests.conformance.cases import FUSIONS
from tests.conformance.cases.embeddings import sequences


class _Tokens(Fusion):
    """Mean over all steps of all modalities that are there."""

    embedding_rank = 3

    def fuse(self, inputs, present, masks):
        tokens = ops.concatenate(inputs, axis=1)
        weight = ops.cast(ops.concatenate(masks, axis=1), tokens.dtype)
        total = ops.einsum("bs,bsd->bd", weight, tokens)
        return ops.divide_no_nan(total, ops.sum(weight, axis=1, keepdims=True))


def test_steps_masks_and_pooled_embeddings_go_together():
    words = np.array([[[1.0], [2.0], [np.nan]]] * 2, "float32")
    image = np.array([[9.0], [9.0]], "float32")
    fused = _Tokens()(
        {"words": words, "image": image},
        present={"image": np.array([True, False])},
        masks={"words": np.array([[True, True, False]] * 2)},
    )
    # (9 + 1 + 2) / 3, and without the image (1 + 2) / 2.
    np.testing.assert_allclose(ops.convert_to_numpy(fused), [[4.0], [1.5]])


def test_a_feature_map_is_refused_and_the_pooling_named():
    with pytest.raises(ValueError, match=r"'image'.*image_backbone\(pool=\)"):
        ConcatFusion(1)({"image": np.ones((1, 2, 2, 3))})


def test_a_list_is_refused():
    with pytest.raises(ValueError, match="dict of modality name"):
        ConcatFusion(1)([np.ones((1, 2))])


@pytest.mark.variant  # What is refused is refused before any backend.
@pytest.mark.parametrize("case", FUSIONS, ids=str)
def test_who_wants_pooled_embeddings_refuses_steps(case):
    """Whatever the fusion's own options are called."""
    arguments = sequences()
    if case.create().embedding_rank == 3:
        assert np.isfinite(np.asarray(case.create()(**arguments))).all()
        return
    with pytest.raises(ValueError, match="'audio' to have rank 2.*MeanPool"):
        case.create()(**arguments)


_FLAGS = np.array([True, False])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"present": {"imag": _FLAGS}}, "'imag'. Did you mean 'image'"),
        ({"masks": {"wrds": _FLAGS[:, None]}}, "'wrds'. Did you mean 'words'"),
        ({"present": [_FLAGS]}, "`present` to be a dict.*list"),
        ({"present": {"image": _FLAGS[:, None]}}, r"\(batch,\)`.*\(2, 1\)"),
        ({"masks": {"words": _FLAGS}}, r"\(batch, steps\)`.*\(2,\)"),
    ],
)
def test_flags_and_masks_of_nobody_are_refused(given, message):
    x = {"words": np.ones((2, 1, 3)), "image": np.ones((2, 1))}
    with pytest.raises(ValueError, match=message):
        _Tokens()(x, **given)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_large_products_and_long_sequences_stay_in_bounds(policy):
    keras.config.set_dtype_policy(policy)
    try:
        large = {n: 300 * np.ones((2, 8), "float32") for n in "abc"}
        long = {n: np.ones((1, 300, 4), "float32") for n in "ab"}
        product = FactorizedBilinearFusion(4, dropout=0.0)(large)
        attended = BilinearAttentionFusion(4)(long)
    finally:
        keras.config.set_dtype_policy("float32")
    for fused in (product, attended):
        fused = ops.convert_to_numpy(ops.cast(fused, "float32"))
        assert np.isfinite(fused).all()
        assert np.abs(fused).max() > 1e-3
