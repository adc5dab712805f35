"""AttentionPool: the formula, its heads, and what does not count."""

import keras
import numpy as np
import pytest
from keras import ops

from mmfusion.errors import ArgumentError
from mmfusion.layers import AttentionPool

MASK = np.arange(5) < np.array([[5], [2], [1]])


def _layer_and_x(num_heads):
    keras.utils.set_random_seed(1)
    x = np.random.default_rng(0).normal(size=(3, 5, 4)).astype("float32")
    layer = AttentionPool(num_heads, hidden=3)
    layer.build(x.shape)
    return layer, x


@pytest.mark.parametrize("num_heads", [1, 2])
def test_it_is_the_formula(num_heads):
    layer, x = _layer_and_x(num_heads)
    w, b, u = (np.asarray(weight) for weight in layer.get_weights())
    expected = np.zeros((3, 4))
    for row in range(3):
        count = MASK[row].sum()
        scores = np.tanh(x[row, :count] @ w + b) @ u  # (steps, heads)
        weights = np.exp(scores) / np.exp(scores).sum(axis=0)
        part = 4 // num_heads
        for head in range(num_heads):
            own = slice(head * part, (head + 1) * part)
            expected[row, own] = weights[:, head] @ x[row, :count, own]
    pooled = ops.convert_to_numpy(layer(x, mask=MASK))
    np.testing.assert_allclose(pooled, expected, atol=1e-5)


def test_steps_may_come_in_any_order():
    layer, x = _layer_and_x(2)
    order = [3, 1, 4, 0, 2]
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x[:, order], mask=MASK[:, order])),
        ops.convert_to_numpy(layer(x, mask=MASK)),
        atol=1e-6,
    )


def test_without_a_mask_every_step_counts():
    layer, x = _layer_and_x(1)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(x)),
        ops.convert_to_numpy(layer(x, mask=np.ones((3, 5), bool))),
    )


def test_heads_must_divide_the_width():
    with pytest.raises(ArgumentError, match="divide the width.*4. Received: 3"):
        AttentionPool(num_heads=3)(np.zeros((2, 5, 4), "float32"))
