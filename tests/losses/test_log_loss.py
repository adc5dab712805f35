"""LogLoss: equal to scikit-learn, and it never stops learning."""

import keras
import numpy as np
from keras import ops
from sklearn.metrics import log_loss

from mmfusion.losses import LogLoss

RANDOM = np.random.default_rng(0)
P = RANDOM.dirichlet([1, 2, 3], size=50).astype("float32")
Y = RANDOM.integers(0, 3, 50)


def test_labels_give_scikit_learns_log_loss():
    exact = P.astype("float64")
    exact /= exact.sum(axis=1, keepdims=True)
    expected = log_loss(Y, exact, labels=[0, 1, 2])
    np.testing.assert_allclose(float(LogLoss()(Y, P)), expected, rtol=1e-5)
    column = float(LogLoss()(Y[:, None], P))
    np.testing.assert_allclose(column, expected, rtol=1e-5)


def test_rows_of_probabilities_one_hot_and_mixed():
    one_hot = np.eye(3, dtype="float32")[Y]
    np.testing.assert_allclose(
        float(LogLoss()(one_hot, P)), float(LogLoss()(Y, P)), rtol=1e-6
    )
    mixed = 0.7 * one_hot + 0.3 * one_hot[::-1]
    expected = -(mixed * np.log(P)).sum(1).mean()
    np.testing.assert_allclose(float(LogLoss()(mixed, P)), expected, rtol=1e-5)


def test_sample_weights_weigh():
    weight = np.zeros(50, "float32")
    weight[7] = 1.0
    loss = float(LogLoss(reduction="sum")(Y, P, sample_weight=weight))
    np.testing.assert_allclose(loss, -np.log(P[7, Y[7]]), rtol=1e-5)


def test_a_confident_mistake_of_averaged_heads_still_teaches():
    """Keras' own loss has no gradient here: it clips at 1e-7."""

    def moved(loss):
        inputs = keras.Input((2,))
        start = keras.layers.Dense(2, use_bias=False)
        p = keras.layers.Softmax()(start(inputs))
        model = keras.Model(inputs, keras.layers.Average()([p, p]))
        start.set_weights([np.array([[20.0, 0.0], [0.0, 20.0]])])
        model.compile(keras.optimizers.SGD(1.0), loss=loss)
        x = np.array([[1.0, 0.0]], "float32")
        model.fit(x, np.array([1]), verbose=0)
        return not np.allclose(start.get_weights()[0][0, 0], 20.0)

    assert moved(LogLoss())
    assert not moved(keras.losses.SparseCategoricalCrossentropy())


def test_zero_probability_is_finite():
    p = np.array([[1.0, 0.0]], "float32")
    np.testing.assert_allclose(
        float(ops.convert_to_numpy(LogLoss()(np.array([1]), p))),
        -np.log(1e-30),
        rtol=1e-5,
    )
