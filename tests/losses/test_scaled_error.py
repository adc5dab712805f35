"""ScaledError: in deviations, and one number a row whatever the shapes."""

import keras
import numpy as np
import pytest
from scipy.special import huber
from sklearn.metrics import mean_absolute_error, mean_squared_error

from mmfusion.losses import ScaledError

RANDOM = np.random.default_rng(0)
Y = RANDOM.normal(50, 20, 30).astype("float32")
P = Y + RANDOM.normal(0, 25, 30).astype("float32")
ERROR = (P.astype("float64") - Y) / 20
EXPECTED = {
    "mse": mean_squared_error(Y, P) / 400,
    "mae": mean_absolute_error(Y, P) / 20,
    "huber": huber(1, ERROR).mean(),
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_it_is_the_formula_whatever_the_shapes(kind):
    loss = ScaledError(20.0, kind)
    for y in (Y, Y[:, None]):
        for p in (P, P[:, None]):
            assert loss.call(y, p).shape == (30,)
            np.testing.assert_allclose(float(loss(y, p)), EXPECTED[kind], 1e-5)


def test_weights_of_rows_weigh_rows():
    weight = np.arange(30, dtype="float32")
    found = float(ScaledError(20.0)(Y, P[:, None], sample_weight=weight))
    np.testing.assert_allclose(found, np.mean(weight * ERROR**2), rtol=1e-5)
    # What a plain difference of the two would be.
    assert (P[:, None] - Y).shape == (30, 30)


def test_it_survives_its_config():
    loss = keras.losses.deserialize(
        keras.losses.serialize(ScaledError(3.0, "huber"))
    )
    assert (loss.deviation, loss.kind) == (3.0, "huber")


@pytest.mark.parametrize("deviation", [0, -1.0, float("inf"), "1", None, True])
def test_a_deviation_that_is_none_is_refused(deviation):
    with pytest.raises(ValueError, match="`deviation`.*above zero"):
        ScaledError(deviation)
