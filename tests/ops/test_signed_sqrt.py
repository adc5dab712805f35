"""signed_sqrt: near the square root, and its slope at zero is finite."""

import numpy as np
from keras import ops

from mmfusion.ops import signed_sqrt
from tests.gradient import gradient


def test_it_is_near_the_square_root_with_the_sign():
    x = np.linspace(-9, 9, 101).astype("float32")
    found = ops.convert_to_numpy(signed_sqrt(x))
    np.testing.assert_allclose(
        found, np.sign(x) * np.sqrt(np.abs(x)), atol=0.01
    )
    np.testing.assert_allclose(found, -found[::-1], atol=1e-7)


def test_its_slope_at_zero_is_finite():
    slopes = gradient(
        lambda x: ops.sum(signed_sqrt(x)),
        np.array([0.0, 1e-12, 4.0], "float32"),
    )
    assert np.isfinite(slopes).all()
    np.testing.assert_allclose(slopes[2], 0.25, rtol=1e-3)
