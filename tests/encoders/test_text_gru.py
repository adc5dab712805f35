"""text_gru: padding does not count, order does."""

import numpy as np

from mmfusion.encoders import text_gru


def test_padding_behind_the_text_changes_nothing():
    short = text_gru(10, length=3, units=4, embedding=3)
    long = text_gru(10, length=6, units=4, embedding=3)
    long.set_weights(short.get_weights())
    text = np.array([[2, 3, 4]], "int32")
    padded = np.array([[2, 3, 4, 0, 0, 0]], "int32")
    np.testing.assert_allclose(
        np.asarray(short(text)), np.asarray(long(padded)), atol=1e-6
    )


def test_order_counts_and_nothing_gives_zeros():
    encoder = text_gru(10, length=3, units=4, embedding=3)
    x = np.array([[2, 3, 4], [4, 3, 2], [0, 0, 0]], "int32")
    forth, back, nothing = np.asarray(encoder(x))
    assert not np.allclose(forth, back)
    np.testing.assert_array_equal(nothing, np.zeros(4))


def test_unrolled_is_the_same_function():
    rolled = text_gru(10, length=3, units=4, embedding=3)
    unrolled = text_gru(10, length=3, units=4, embedding=3, unroll=True)
    unrolled.set_weights(rolled.get_weights())
    x = np.array([[2, 3, 0]], "int32")
    np.testing.assert_allclose(
        np.asarray(rolled(x)), np.asarray(unrolled(x)), atol=1e-6
    )
