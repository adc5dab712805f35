"""LogitAdjustedLoss: SciPy's formula; it undoes the priors of training."""

import keras
import numpy as np
import pytest
from scipy.special import log_softmax

from mmfusion.errors import ArgumentError
from mmfusion.losses import LogitAdjustedLoss, LogLoss

RANDOM = np.random.default_rng(0)
LOGITS = RANDOM.normal(size=(50, 3))
P = np.exp(log_softmax(LOGITS, axis=1)).astype("float32")
Y = RANDOM.integers(0, 3, 50)
COUNTS = [70, 25, 5]


@pytest.mark.parametrize("tau", [0.0, 0.5, 1.0, 2.0])
def test_it_is_the_formula(tau):
    moved = log_softmax(LOGITS + tau * np.log(COUNTS), axis=1)
    expected = -moved[np.arange(50), Y]
    found = LogitAdjustedLoss(COUNTS, tau, reduction="none")(Y, P)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(found), expected, rtol=1e-4, atol=1e-5
    )


def test_equal_priors_change_nothing():
    rows = RANDOM.dirichlet([1, 1, 1], size=50).astype("float32")
    for y in (Y, Y[:, None], rows):
        np.testing.assert_allclose(
            float(LogitAdjustedLoss([2, 2, 2])(y, P)),
            float(LogLoss()(y, P)),
            rtol=1e-5,
        )


def test_what_cannot_be_told_apart_becomes_equally_likely():
    """Its least loss is where the priors are taken out of the answer."""
    inputs = keras.Input((1,))
    layer = keras.layers.Dense(2, use_bias=False)
    model = keras.Model(inputs, keras.layers.Softmax()(layer(inputs)))
    x, y = np.ones((5000, 1)), np.tile(np.repeat([0, 1], [90, 10]), 50)
    shares = []
    for loss in (LogLoss(), LogitAdjustedLoss([90, 10])):
        layer.set_weights([np.zeros((1, 2))])
        model.compile(keras.optimizers.SGD(1.0), loss=loss)
        model.fit(x, y, batch_size=100, epochs=4, shuffle=False, verbose=0)
        shares.append(model.predict(x[:1], verbose=0)[0, 1])
    np.testing.assert_allclose(shares, [0.1, 0.5], atol=0.01)


def test_settings_are_kept_and_checked():
    loss = LogitAdjustedLoss(COUNTS, 0.7)
    again = LogitAdjustedLoss.from_config(loss.get_config())
    assert (again.priors, again.tau) == (COUNTS, 0.7)
    with pytest.raises(ArgumentError, match="above 0"):
        LogitAdjustedLoss([1, 0])
    with pytest.raises(ArgumentError, match=r"2 `priors`.*3 classes"):
        LogitAdjustedLoss([1, 1])(Y, P)
