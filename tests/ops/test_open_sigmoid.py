"""The sigmoid that is never zero and never one, and its gradient."""

import numpy as np
from keras import ops
from scipy.special import expit

from mmfusion.ops import open_sigmoid
from tests.gradient import gradient

X = np.linspace(-12, 12, 49).astype("float32")
FAR = np.array([-1e4, -90.0, -20.0, 20.0, 90.0, 1e4], "float32")


def test_it_is_the_sigmoid_where_float32_can_tell():
    p = ops.convert_to_numpy(open_sigmoid(X))
    np.testing.assert_allclose(p, expit(X.astype("float64")), rtol=2e-6)


def test_its_gradient_is_that_of_the_sigmoid():
    found = gradient(lambda x: ops.sum(open_sigmoid(x)), X)
    p = expit(X.astype("float64"))
    np.testing.assert_allclose(found, p * (1 - p), atol=6e-8)


def test_it_is_within_zero_and_one_however_far():
    p = ops.convert_to_numpy(open_sigmoid(FAR))
    assert p.dtype == "float32"
    assert (p > 0).all() and (p < 1).all() and np.isfinite(np.log1p(-p)).all()
    np.testing.assert_allclose(p[2], expit(-20.0), rtol=1e-6)
