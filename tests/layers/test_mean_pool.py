"""MeanPool: only steps that count."""

import numpy as np
import pytest
from keras import ops

from mmfusion.layers import MeanPool

X = np.array([[[1.0, 2.0], [3.0, 6.0], [np.nan, 9.0]]], "float32")


def test_mean_of_the_steps_that_count_nan_elsewhere():
    mask = np.array([[True, True, False]])
    pooled = ops.convert_to_numpy(MeanPool()(X, mask=mask))
    np.testing.assert_allclose(pooled, [[2.0, 4.0]])
    same = MeanPool()({"sequence": X, "mask": mask})
    np.testing.assert_array_equal(ops.convert_to_numpy(same), pooled)


def test_no_step_gives_zeros():
    pooled = MeanPool()(X, mask=np.zeros((1, 3), bool))
    np.testing.assert_array_equal(ops.convert_to_numpy(pooled), [[0.0, 0.0]])


def test_a_vector_is_refused():
    with pytest.raises(ValueError, match="rank 3.*shape=\\(2, 3\\)"):
        MeanPool()(np.ones((2, 3), "float32"))
