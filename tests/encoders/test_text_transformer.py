"""text_transformer: padding does not count, order does."""

import numpy as np
import pytest

from mmfusion.encoders import text_transformer
from mmfusion.errors import ArgumentError

SIZES = {"units": 4, "embedding": 4, "num_layers": 1, "num_heads": 2}


def _encoder(**arguments):
    encoder = text_transformer(10, length=4, **SIZES, **arguments)
    random = np.random.default_rng(0)
    encoder.set_weights(
        [w + random.normal(0, 0.5, w.shape) for w in encoder.get_weights()]
    )
    return encoder


@pytest.mark.parametrize("pool", ["mean", "max", "attention"])
def test_what_stands_in_padding_changes_nothing(pool):
    encoder = _encoder(pool=pool)
    x = np.array([[2, 3, 0, 0], [2, 3, 4, 5]], "int32")
    before = np.asarray(encoder(x))
    table, *rest = encoder.get_weights()
    # The vector of padding; the norm would hide an equal shift of all.
    table[0] += [9.0, -9.0, 3.0, 0.0]
    encoder.set_weights([table, *rest])
    after = np.asarray(encoder(x))
    np.testing.assert_allclose(after, before, atol=1e-5)
    assert not np.allclose(before[0], before[1])


def test_order_counts_and_nothing_gives_a_finite_constant():
    encoder = _encoder()
    x = np.array([[2, 3, 4, 5], [5, 4, 3, 2], [0] * 4, [0] * 4], "int32")
    forth, back, nothing, again = np.asarray(encoder(x))
    assert not np.allclose(forth, back)
    assert np.isfinite(nothing).all()
    np.testing.assert_array_equal(nothing, again)


def test_vectors_of_another_width_are_led_to_that_of_the_blocks():
    encoder = _encoder(vectors=np.ones((10, 3)))
    assert encoder.get_weights()[0].shape == (10, 3)
    assert encoder(np.ones((1, 4), "int32")).shape == (1, 4)


def test_heads_must_divide_the_width():
    with pytest.raises(ArgumentError, match="heads"):
        text_transformer(10, length=4, embedding=6, num_heads=4)
