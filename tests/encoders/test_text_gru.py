"""text_gru: padding does not count, order does."""

import numpy as np
import pytest

from mmfusion.encoders import text_gru
from mmfusion.errors import ArgumentError


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


def test_pools_read_tokens_only_and_the_sequence_is_theirs():
    x = np.array([[2, 3, 0, 0], [2, 3, 4, 5]], "int32")
    sequence = text_gru(10, length=4, units=4, embedding=3, pool=None)
    weights = sequence.get_weights()
    steps = sequence(x)
    assert np.asarray(steps["mask"]).tolist() == (x != 0).tolist()
    mean = text_gru(10, length=4, units=4, embedding=3, pool="mean")
    short = text_gru(10, length=2, units=4, embedding=3, pool="mean")
    mean.set_weights(weights)
    short.set_weights(weights)
    np.testing.assert_allclose(
        np.asarray(mean(x))[0], np.asarray(short(x[:1, :2]))[0], atol=1e-6
    )


def test_half_of_the_units_read_from_the_end():
    both = text_gru(10, length=4, units=4, embedding=3, bidirectional=True)
    table, *forth = both.get_weights()[:4]
    back = both.get_weights()[4:]
    one = text_gru(10, length=4, units=2, embedding=3)
    x = np.array([[2, 3, 5, 0]], "int32")
    one.set_weights([table, *forth])
    first = np.asarray(one(x))
    one.set_weights([table, *back])
    last = np.asarray(one(np.array([[5, 3, 2, 0]], "int32")))
    np.testing.assert_allclose(
        np.asarray(both(x)), np.concatenate([first, last], 1), atol=1e-6
    )
    with pytest.raises(ArgumentError, match="`units` to be even"):
        text_gru(10, units=3, bidirectional=True)


def test_an_unknown_pool_is_refused():
    with pytest.raises(ArgumentError, match="'last', 'mean'"):
        text_gru(10, pool="sum")
