"""FocalLoss: the formula, and the log loss where gamma is zero."""

import keras
import numpy as np
import pytest

from mmfusion.errors import ArgumentError
from mmfusion.losses import FocalLoss, LogLoss

RANDOM = np.random.default_rng(0)
P = RANDOM.dirichlet([1, 2, 3], size=50).astype("float32")
Y = RANDOM.integers(0, 3, 50)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
def test_it_is_the_formula(gamma):
    p = P[np.arange(50), Y].astype("float64")
    expected = -((1 - p) ** gamma) * np.log(p)
    found = FocalLoss(gamma, reduction="none")(Y, P)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(found), expected, rtol=1e-3, atol=1e-5
    )


def test_without_gamma_it_is_the_log_loss():
    mixed = RANDOM.dirichlet([1, 1, 1], size=50).astype("float32")
    for y in (Y, Y[:, None], mixed):
        np.testing.assert_allclose(
            float(FocalLoss(0.0)(y, P)), float(LogLoss()(y, P)), rtol=1e-5
        )


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_a_sure_row_has_a_finite_gradient(gamma):
    dense = keras.layers.Dense(2, use_bias=False)
    model = keras.Sequential([keras.Input((2,)), dense, keras.layers.Softmax()])
    dense.set_weights([np.diag([200.0, 200.0])])
    model.compile(keras.optimizers.SGD(1.0), loss=FocalLoss(gamma))
    model.fit(np.eye(2), np.array([0, 1]), verbose=0)
    assert np.isfinite(dense.get_weights()[0]).all()


def test_settings_are_kept_and_checked():
    loss = FocalLoss.from_config(FocalLoss(3.5).get_config())
    assert loss.gamma == 3.5
    with pytest.raises(ArgumentError, match="gamma.*-1"):
        FocalLoss(-1.0)
