"""Vectors: lengths, statistics and what is refused."""

import numpy as np
import pytest

from mmfusion.data import BadValue, Vector
from mmfusion.errors import ArgumentError, DataError


def test_the_length_is_learned_or_given():
    vector = Vector()
    assert vector.adaptive
    with pytest.raises(ArgumentError, match="its length yet. Call `adapt`"):
        _ = vector.shape
    vector.adapt([None, np.ones(4, "float32")])
    assert vector.shape == (4,)
    assert Vector(dim=4).shape == (4,) and not Vector(dim=4).adaptive


def test_standardised_it_has_mean_0_and_deviation_1():
    rows = np.random.default_rng(0).normal(50, 3, (200, 5)).astype("float32")
    vector = Vector(standardize=True)
    vector.adapt(iter(rows))
    out = np.stack([vector.transform(row) for row in rows])
    np.testing.assert_allclose(out.mean(0), 0, atol=1e-4)
    np.testing.assert_allclose(out.std(0), 1, atol=1e-4)


def test_a_constant_place_becomes_zero():
    vector = Vector(standardize=True)
    vector.adapt([np.array([0.1, n], "float32") for n in range(3)])
    assert vector.transform(np.array([0.1, 1.0], "float32")).numpy()[0] == 0


@pytest.mark.parametrize(
    "cell", ["1 2.5 -3e0", "[1, 2.5, -3]", "1;2.5;-3", " (1,2.5,-3) "]
)
def test_a_cell_of_a_table_is_read(cell):
    np.testing.assert_array_equal(Vector(dim=3).read(cell), [1, 2.5, -3])


@pytest.mark.parametrize(
    "value, message",
    [
        (np.ones(2), r"vector of 3 numbers, received the shape \(2,\)"),
        (np.ones((1, 3)), r"received the shape \(1, 3\)"),
        (5.0, r"received the shape \(\)"),
        ([1, np.nan, 2], "NaN or infinite at place 1"),
        ([1, 2, np.inf], "NaN or infinite at place 2"),
        ([1, 2, 1e300], "infinite at place 2"),
        ("1 two 3", "expects a vector of numbers, received"),
        ([[1], [2, 3]], "expects a vector of numbers"),
        ("[]", "holds no vector"),
        ([], "holds no vector"),
        ("", "holds no vector"),
    ],
)
def test_other_values_are_refused(value, message):
    with pytest.raises(BadValue, match=message):
        Vector(dim=3).read(value)


def test_nothing_or_mixed_lengths_to_learn_from_is_an_error():
    with pytest.raises(DataError, match="no value in the training split"):
        Vector().adapt([None])
    with pytest.raises(DataError, match=r"one length.*\[2, 3\]"):
        Vector().adapt([np.ones(2), np.ones(3)])
    with pytest.raises(ArgumentError, match="`dim`"):
        Vector(dim=0)


def test_whole_numbers_that_float32_cannot_hold_are_refused():
    vector = Vector(dim=2)
    assert vector.read(np.array([3, 2**24])).tolist() == [3, 2**24]
    for number in (2**24 + 1, -(2**24) - 1, -(2**63)):
        with pytest.raises(BadValue, match="lose digits"):
            vector.read(np.array([3, number]))


def test_a_whole_number_that_no_float_can_hold_is_a_bad_value():
    with pytest.raises(BadValue, match="expects a vector of numbers"):
        Vector(dim=1, steps=2).read("[[1" + "0" * 400 + "]]")
