"""batch_moments: shifted where the mean is large, and only there."""

import numpy as np

from mmfusion.ops.batch_moments import batch_moments


def _data(mean):
    noise = np.random.default_rng(0).normal(size=(4, 5, 3, 3))
    return (noise * [1, 2, 0.5] + mean * np.array([1, -1, 0])).astype("float32")


def test_only_a_large_mean_is_shifted():
    near, rest, *_ = batch_moments(_data(1.0))
    np.testing.assert_array_equal(np.asarray(near), _data(1.0))
    assert np.abs(np.asarray(rest)).max() > 0.5
    near, rest, *_ = batch_moments(_data(1e4))
    assert np.abs(np.asarray(near)).max() < 10
