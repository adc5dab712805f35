"""BinaryLogLoss: equal to scikit-learn, and it never stops learning."""

import keras
import numpy as np
from keras import ops
from sklearn.metrics import log_loss

from mmfusion.losses import BinaryLogLoss
from mmfusion.ops import open_sigmoid
from tests.gradient import gradient

RANDOM = np.random.default_rng(0)
P = RANDOM.uniform(0.01, 0.99, (20, 3)).astype("float32")
Y = RANDOM.integers(0, 2, (20, 3))


def test_it_is_the_mean_of_scikit_learns_log_losses():
    expected = np.mean([log_loss(y, p) for y, p in zip(Y.T, P.T, strict=True)])
    np.testing.assert_allclose(
        float(BinaryLogLoss()(Y, P)), expected, rtol=1e-5
    )


def test_one_row_at_a_time_weighted():
    weight = np.zeros(20, "float32")
    weight[7] = 1.0
    loss = float(BinaryLogLoss(reduction="sum")(Y, P, sample_weight=weight))
    rows = Y * np.log(P) + (1 - Y) * np.log(1 - P)
    np.testing.assert_allclose(loss, -rows[7].mean(), rtol=1e-5)


def _learned(loss, sigmoid, target, logit):
    """The derivative of the loss of one label, by its logit."""
    target = np.array([[target]], "float32")
    x = np.array([[logit]], "float32")
    return gradient(lambda x: ops.sum(loss(target, sigmoid(x))), x)[0, 0]


def test_the_surest_mistake_teaches_most_on_either_side():
    for logit in (20.0, 40.0, 100.0, 1e4):
        up = _learned(BinaryLogLoss(), open_sigmoid, 1.0, -logit)
        down = _learned(BinaryLogLoss(), open_sigmoid, 0.0, logit)
        np.testing.assert_allclose([up, down], [-1.0, 1.0], rtol=1e-5)
    # Keras clips (where it finds no sigmoid whose logits it could take), and
    # float32 has no 1 - 1e-9.
    keras_loss = keras.losses.BinaryCrossentropy()
    assert _learned(keras_loss, lambda x: 1 * ops.sigmoid(x), 1.0, -20.0) == 0
    assert _learned(BinaryLogLoss(), ops.sigmoid, 0.0, 40.0) == 0


def test_the_gradient_is_what_is_given_less_what_is_true():
    x = np.linspace(-9, 9, 7).astype("float32")[:, None]
    for target in (0.0, 0.3, 1.0):
        y = np.full_like(x, target)
        found = gradient(
            lambda x, y=y: ops.sum(BinaryLogLoss().call(y, open_sigmoid(x))), x
        )
        p = 1 / (1 + np.exp(-x.astype("float64")))
        np.testing.assert_allclose(found, p - target, atol=1e-5)


def test_certainty_that_is_wrong_is_finite():
    p = np.array([[1.0, 0.0]], "float32")
    loss = float(BinaryLogLoss()(np.array([[0, 1]]), p))
    expected = (24 * np.log(2) + 30 * np.log(10)) / 2
    np.testing.assert_allclose(loss, expected, rtol=1e-5)
