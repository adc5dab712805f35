"""Masking: what is not there neither counts nor hurts."""

import keras
import numpy as np
import pytest
from keras import ops

from mmfusion.ops import keep_rows, masked_mean, masked_softmax


def _array(x):
    return ops.convert_to_numpy(x)


def test_kept_rows_are_equal_and_others_zero_whatever_they_hold():
    x = np.array([[1.0, -2.0], [np.nan, np.inf], [3.0, 4.0]], "float32")
    kept = _array(keep_rows(np.array([True, False, True]), x))
    np.testing.assert_array_equal(kept, [[1.0, -2.0], [0.0, 0.0], [3.0, 4.0]])


def test_kept_rows_keep_dtype_and_rank():
    x = np.arange(8, dtype="int32").reshape(2, 2, 2)
    kept = keep_rows(np.array([False, True]), x)
    assert keras.backend.standardize_dtype(kept.dtype) == "int32"
    np.testing.assert_array_equal(_array(kept)[1], x[1])


def test_softmax_over_all_is_the_usual_one():
    logits = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    expected = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    np.testing.assert_allclose(
        _array(masked_softmax(logits, np.ones((5, 4), bool))),
        expected,
        rtol=1e-5,
    )


def test_softmax_over_some_is_the_usual_one_over_these():
    logits = np.array([[1.0, 2.0, 3.0]], "float32")
    mask = np.array([[True, False, True]])
    weights = np.exp([1.0, 3.0]) / np.exp([1.0, 3.0]).sum()
    np.testing.assert_allclose(
        _array(masked_softmax(logits, mask))[0],
        [weights[0], 0.0, weights[1]],
        rtol=1e-5,
    )


def test_a_huge_masked_logit_does_not_starve_the_others():
    weights = _array(
        masked_softmax(
            np.array([[0.0, 0.0, 1e4]], "float32"),
            np.array([[True, True, False]]),
        )
    )
    np.testing.assert_allclose(weights, [[0.5, 0.5, 0.0]])


def test_a_row_without_anything_gives_zeros():
    weights = _array(
        masked_softmax(np.ones((1, 3), "float32"), np.zeros((1, 3), bool))
    )
    np.testing.assert_array_equal(weights, [[0.0, 0.0, 0.0]])


def test_mean_over_what_counts_and_zero_of_nothing():
    x = np.random.default_rng(0).normal(size=(4, 3, 2)).astype("float32")
    mask = np.array([[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0]], "bool")
    broken = np.where(mask[..., None], x, np.float32("nan"))
    found = _array(masked_mean(broken, mask))
    for row in range(3):
        np.testing.assert_allclose(
            found[row], x[row][mask[row]].mean(0), rtol=1e-6
        )
    np.testing.assert_array_equal(found[3], [0.0, 0.0])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_sums_over_many_steps_stay_in_bounds(dtype):
    many = 80_000  # Beyond 65,504, the largest of float16.
    mask = np.ones((1, many), bool)
    weights = masked_softmax(ops.zeros((1, many), dtype), mask)
    assert keras.backend.standardize_dtype(weights.dtype) == dtype
    found = ops.convert_to_numpy(ops.cast(weights, "float32"))
    np.testing.assert_allclose(found, 1 / many, rtol=0.02)
    mean = masked_mean(ops.full((1, many, 1), 100.0, dtype), mask)
    assert keras.backend.standardize_dtype(mean.dtype) == dtype
    assert float(ops.cast(mean, "float32")[0, 0]) == pytest.approx(
        100, rel=0.01
    )
