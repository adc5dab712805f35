"""hardmax: NumPy's argmax, as ones and zeros; the first of equal ones."""

import numpy as np
from keras import ops

from mmfusion.ops import hardmax


def test_it_is_the_one_hot_argmax():
    x = np.random.default_rng(0).normal(size=(5, 7, 4)).astype("float32")
    expected = np.eye(4, dtype="float32")[x.argmax(-1)]
    np.testing.assert_array_equal(ops.convert_to_numpy(hardmax(x)), expected)


def test_the_first_of_equal_ones_wins():
    x = np.array([[0.3, 0.3, 0.3], [-1.0, 2.0, 2.0], [0.0, -0.0, -1.0]])
    found = ops.convert_to_numpy(hardmax(x.astype("float32")))
    np.testing.assert_array_equal(found, np.eye(3)[[0, 1, 0]])


def test_a_vector_with_nan_has_no_answer():
    x = np.array([[0.1, np.nan, 0.2], [0.1, 0.7, 0.2]], "float32")
    found = ops.convert_to_numpy(hardmax(x))
    assert np.isnan(found[0]).all()
    np.testing.assert_array_equal(found[1], [0, 1, 0])
