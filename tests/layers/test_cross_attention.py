"""Cross-attention and the resampler: formula, masks, absence."""

import numpy as np
import pytest
from keras import ops

from mmfusion.layers import CrossAttention, Resampler
from tests.gradient import gradient


def _floats(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _norm(x):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5)


def test_attention_is_that_of_the_formula():
    layer = CrossAttention(num_heads=1)
    x, source = _floats(2, 3, 4), _floats(2, 5, 6, seed=1)
    mask = np.array([[True] * 5, [True, True, False, False, False]])
    layer(x, source)
    for weight in layer.narrow.weights:  # Leaves attention alone.
        weight.assign(np.zeros(weight.shape))
    weights = {
        w.path.split("attention/", 1)[-1]: np.array(w)
        for w in layer.attention.weights
    }
    q, k, v, out = (
        [weights[key] for key in weights if f"{part}/kernel" in key][0]
        for part in ("query", "key", "value", "attention_output")
    )
    queries, keys = _norm(x) @ q[:, 0], _norm(source) @ k[:, 0]
    scores = np.einsum("btd,bsd->bts", queries, keys) / 2.0  # sqrt(4)
    scores = np.where(mask[:, None, :], scores, -np.inf)
    chance = np.exp(scores - scores.max(-1, keepdims=True))
    chance /= chance.sum(-1, keepdims=True)
    expected = x + chance @ (_norm(source) @ v[:, 0]) @ out[0]
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x, source, source_mask=mask)),
        expected,
        atol=1e-5,
    )


def test_a_source_without_steps_leaves_the_target_as_it_is():
    layer = CrossAttention(num_heads=2)
    x, source = _floats(3, 2, 4), _floats(3, 5, 6)
    mask = np.array([[True] * 5, [False] * 5, [True] + [False] * 4])
    found = ops.convert_to_numpy(layer(x, source, source_mask=mask))
    np.testing.assert_array_equal(found[1], x[1])
    assert not np.isclose(found[[0, 2]], x[[0, 2]]).all(axis=(1, 2)).any()
    broken = np.where(mask[..., None], source, np.nan).astype("float32")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(x, broken, source_mask=mask)), found
    )
    slope = gradient(lambda v: ops.sum(layer(x, v, source_mask=mask)), broken)
    assert np.isfinite(slope).all() and not slope[~mask].any()


def test_vectors_are_one_step():
    layer = CrossAttention(num_heads=2)
    x, source = _floats(3, 4), _floats(3, 6)
    flag = np.array([True, False, True])
    found = ops.convert_to_numpy(layer(x, source, source_mask=flag))
    steps = layer(x[:, None], source[:, None], source_mask=flag[:, None])
    np.testing.assert_allclose(
        found, ops.convert_to_numpy(steps)[:, 0], atol=1e-6
    )
    np.testing.assert_array_equal(found[1], x[1])


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="`num_heads` to divide.*, 4.*: 3"):
        CrossAttention(num_heads=3)(_floats(2, 4), _floats(2, 4))
    with pytest.raises(ValueError, match="`source` to have rank 2 or 3"):
        CrossAttention(num_heads=2)(_floats(2, 4), _floats(2, 2, 2, 4))
    with pytest.raises(ValueError, match="`Resampler`.*rank 3"):
        Resampler(2, num_heads=2)(_floats(2, 4))


def test_resampling_ignores_padding_and_keeps_every_step_that_counts():
    layer = Resampler(2, units=6, depth=2, num_heads=2)
    x = _floats(2, 3, 4)
    short = ops.convert_to_numpy(layer(x))
    padded = np.concatenate([x, np.full((2, 4, 4), np.nan, "f")], axis=1)
    mask = np.arange(7) < np.array([[3], [3]])
    found = ops.convert_to_numpy(layer(padded, mask=mask))
    np.testing.assert_allclose(found, short, atol=1e-5)
    assert found.shape == (2, 2, 6)
    for step in range(3):  # Each of them tells something.
        other = x.copy()
        other[:, step] += 1.0
        assert not np.allclose(ops.convert_to_numpy(layer(other)), short)
    mask[0] = False
    found = ops.convert_to_numpy(layer(padded, mask=mask))
    assert not found[0].any() and found[1].any()
