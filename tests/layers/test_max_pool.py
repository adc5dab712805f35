"""MaxPool: only what counts, negative or not."""

import numpy as np
import pytest
from keras import ops

from mmfusion.errors import ArgumentError
from mmfusion.layers import MaxPool


def test_a_negative_maximum_is_not_lifted_to_zero():
    x = np.array([[[-1.0], [-3.0], [9.0]]], "float32")
    mask = np.array([[True, True, False]])
    assert float(MaxPool()(x, mask=mask)[0, 0]) == -1.0


def test_nothing_that_counts_gives_zeros():
    x = np.full((1, 3, 2), np.nan, "float32")
    pooled = MaxPool()({"sequence": x, "mask": np.zeros((1, 3), bool)})
    np.testing.assert_array_equal(ops.convert_to_numpy(pooled), [[0.0, 0.0]])


def test_half_precision_has_no_overflow():
    x = np.array([[[-7e4, 3.0]]]).clip(-6e4).astype("float16")
    pooled = MaxPool(dtype="float16")(x, mask=np.array([[True]]))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(pooled), x[:, 0].astype("float16")
    )


def test_a_vector_is_refused():
    with pytest.raises(ArgumentError, match=r"`MaxPool`.*rank 3.*\(2, 3\)"):
        MaxPool()(np.zeros((2, 3), "float32"))
