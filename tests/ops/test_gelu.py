"""GELU: SciPy's normal distribution, in value and slope."""

import numpy as np
import pytest
from keras import ops
from scipy.stats import norm

from mmfusion.ops.gelu import gelu
from tests.gradient import gradient

X = np.array([-30.0, -5.0, -1.0, -0.1, 0.0, 0.5, 2.0, 6.0, 1e4], "float32")


def test_value_and_gradient_are_the_formula():
    x = X.astype("float64")
    np.testing.assert_allclose(
        ops.convert_to_numpy(gelu(X)), x * norm.cdf(x), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        gradient(lambda v: ops.sum(3.0 * gelu(v)), X),
        3.0 * (norm.cdf(x) + x * norm.pdf(x)),
        rtol=1e-5,
        atol=1e-6,
    )


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_stays_half(dtype):
    x = ops.cast(X[:-1], dtype)
    y = gelu(x)
    assert str(y.dtype).endswith(dtype) or dtype in repr(y.dtype)
    exact = np.asarray(ops.cast(x, "float32"), "float64")
    np.testing.assert_allclose(
        np.asarray(ops.cast(y, "float32")),
        exact * norm.cdf(exact),
        rtol=0.02,
        atol=0.02,
    )
