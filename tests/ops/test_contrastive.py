"""The contrastive loss against its formula."""

import numpy as np
from keras import ops

from mmfusion.ops import contrastive, cosine_similarity, equal_ids, l2_normalize
from tests.gradient import gradient


def _similarity(rows=5, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (rows, rows))


def _reference(s, positives, temperature):
    s = s / temperature
    loss = np.zeros(len(s))
    for scores, match in ((s, positives), (s.T, positives.T)):
        chance = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        loss -= (chance * match).sum(1) / match.sum(1)
    return loss / 2


def test_as_the_formula_with_several_positives():
    s, ids = _similarity(), np.array([3, 1, 3, 2, 1])
    positives = ids[:, None] == ids[None, :]
    np.testing.assert_array_equal(
        ops.convert_to_numpy(equal_ids(ids)), positives
    )
    for match in (positives, None):
        expected = np.eye(5, dtype=bool) if match is None else match
        np.testing.assert_allclose(
            ops.convert_to_numpy(contrastive(s, match, temperature=0.3)),
            _reference(s, expected, 0.3),
            rtol=1e-4,
        )


def test_rows_left_out_are_neither_asked_nor_found():
    s, keep = _similarity(), np.array([True, False, True, True, False])
    expected = _reference(s[keep][:, keep], np.eye(3), 0.07)
    s[~keep], s[:, ~keep] = 50.0, 50.0  # They would win.
    found = ops.convert_to_numpy(contrastive(s, keep=keep))
    np.testing.assert_allclose(found[keep], expected, rtol=1e-4)
    assert not found[~keep].any()
    slope = gradient(
        lambda v: ops.sum(contrastive(v, keep=keep)), s.astype("float32")
    )
    assert np.isfinite(slope).all() and slope.any()
    assert not slope[~keep].any() and not slope[:, ~keep].any()


def test_nothing_to_compare_is_no_loss():
    nothing = contrastive(_similarity(), keep=np.zeros(5, bool))
    assert not ops.convert_to_numpy(nothing).any()


def test_unit_length_is_safe_at_zero():
    x = np.array([[3.0, 4.0], [0.0, 0.0], [1e-9, 0.0]], "float32")
    found = ops.convert_to_numpy(l2_normalize(x))
    np.testing.assert_allclose(found, [[0.6, 0.8], [0, 0], [0, 0]], atol=1e-6)
    slope = gradient(lambda v: ops.sum(l2_normalize(v)), x)
    # d(sum y) / dx = (1 - y sum y) / |x| = (1 - [0.6, 0.8] * 1.4) / 5
    np.testing.assert_allclose(
        slope, [[0.032, -0.024], [0, 0], [0, 0]], atol=1e-6
    )
    # 300^2 is beyond float16.
    half = l2_normalize(np.array([[300.0, 400.0]], "float16"))
    np.testing.assert_allclose(
        ops.convert_to_numpy(half), [[0.6, 0.8]], atol=1e-3
    )


def test_cosines_of_all_pairs():
    a, b = np.random.default_rng(1).normal(size=(2, 4, 3)).astype("float32")
    expected = (a @ b.T) / np.outer(
        np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(cosine_similarity(a, b)), expected, atol=1e-5
    )


def test_what_is_no_number_has_no_length():
    x = np.array([[np.nan, 1.0], [3.0, 4.0]], "float32")
    found = ops.convert_to_numpy(l2_normalize(x))
    assert np.isnan(found[0]).all()
    np.testing.assert_allclose(found[1], [0.6, 0.8], rtol=1e-6)
