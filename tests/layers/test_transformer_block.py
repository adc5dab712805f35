"""TransformerBlock: the formula, and no step looks at what does not count."""

import math

import keras
import numpy as np
import pytest
from keras import ops

from mmfusion import kernels
from mmfusion.errors import ArgumentError
from mmfusion.layers import TransformerBlock
from tests.layers.gradients import training_step

MASK = np.arange(5) < np.array([[5], [2], [1]])


def _block_and_x():
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(0)
    block = TransformerBlock(num_heads=2, hidden=3)
    x = random.normal(size=(3, 5, 4)).astype("float32")
    block.build(x.shape)
    for weight in block.weights:  # Biases and scales away from 0 and 1.
        weight.assign(random.normal(size=weight.shape))
    return block, x


def _norm(x, scale, shift):
    centred = x - x.mean(-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return centred / deviation * scale + shift


def _gelu(x):
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def test_it_is_the_formula():
    block, x = _block_and_x()
    w = {
        weight.path.split("/", 1)[1]: np.asarray(weight)
        for weight in (block.weights)
    }

    def heads(h, name):  # (steps, heads, dim)
        kernel = w[f"attention/{name}/kernel"]
        return np.einsum("sd,dhk->shk", h, kernel) + w[f"attention/{name}/bias"]

    given = ops.convert_to_numpy(block(x, mask=MASK))
    for row in range(3):
        count = MASK[row].sum()
        own = x[row, :count].astype("float64")
        h = _norm(own, w["norm_attention/gamma"], w["norm_attention/beta"])
        q, k, v = (heads(h, name) for name in ("query", "key", "value"))
        scores = np.einsum("qhk,shk->hqs", q, k) / math.sqrt(2)
        weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        mixed = np.einsum("hqs,shk->qhk", weights, v)
        own = own + (
            np.einsum(
                "qhk,hkd->qd", mixed, w["attention/attention_output/kernel"]
            )
            + w["attention/attention_output/bias"]
        )
        h = _norm(own, w["norm_network/gamma"], w["norm_network/beta"])
        h = _gelu(h @ w["wide/kernel"] + w["wide/bias"])
        expected = own + h @ w["narrow/kernel"] + w["narrow/bias"]
        np.testing.assert_allclose(
            given[row, :count], expected, rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("mask", [None, MASK])
def test_a_training_step_is_that_of_keras(mask, monkeypatch):
    """Fewer operations and explicit gradients; the same numbers."""
    found = _training_step("float32", mask)
    rough = _training_step("mixed_bfloat16", mask)
    monkeypatch.setattr(kernels, "on_tensorflow_cpu", lambda: False)
    exact = _training_step("float32", mask)
    rough_too = _training_step("mixed_bfloat16", mask)
    # What comes to a bias of keys is nothing, beside errors of rounding: a
    # softmax does not see what is added to all its scores.
    for x in (found, rough, exact, rough_too):
        assert np.abs(x.pop("attention/key/bias")).max() < 0.1
    assert found.keys() == exact.keys() and len(exact) == 2 + 15
    for name, value in exact.items():
        np.testing.assert_allclose(
            found[name],
            value,
            rtol=1e-5,
            atol=1e-5 * np.abs(value).max(),
            err_msg=name,
        )
    # In half precision about as close to the truth as Keras is.
    ours, theirs = (
        np.mean(
            [
                np.abs(x[name] - value).mean() / np.abs(value).mean()
                for name, value in exact.items()
            ]
        )
        for x in (rough, rough_too)
    )
    assert 0 < ours <= 1.2 * theirs


def _training_step(policy, mask):
    keras.config.set_dtype_policy(policy)
    try:
        block, x = _block_and_x()
    finally:
        keras.config.set_dtype_policy("float32")
    inputs = keras.Input(x.shape[1:])
    given = None if mask is None else ops.convert_to_tensor(mask)
    model = keras.Model(inputs, block(inputs, mask=given))
    counts = np.ones(x.shape[:2], bool) if mask is None else mask
    random = np.random.default_rng(5)
    upstream = random.normal(size=x.shape) * counts[..., None]
    upstream = upstream.astype("float32")
    found = training_step(model, x, upstream, paths=True)
    return {name.partition("/")[2] or name: v for name, v in found.items()}


def test_the_number_of_parameters_is_the_stated_one():
    block, _ = _block_and_x()
    dim, hidden = 4, 3
    biases = 4 * dim + hidden + dim
    norms = 2 * 2 * dim
    assert (
        block.count_params() == 4 * dim**2 + 2 * dim * hidden + biases + norms
    )


def test_dropout_acts_in_training_only():
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    block = TransformerBlock(num_heads=2, dropout=0.5)
    calm = ops.convert_to_numpy(block(x))
    np.testing.assert_array_equal(ops.convert_to_numpy(block(x)), calm)
    wild = ops.convert_to_numpy(block(x, training=True))
    assert not np.allclose(wild, calm)


def test_heads_must_divide_the_width():
    with pytest.raises(ArgumentError, match=r"3 heads divide.*\(2, 5, 4\)"):
        TransformerBlock(num_heads=3)(np.zeros((2, 5, 4), "float32"))
