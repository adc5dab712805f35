"""ClassAccuracy: equal to scikit-learn for labels and for rows."""

import keras
import numpy as np
from sklearn.metrics import accuracy_score

from mmfusion.metrics import ClassAccuracy

RANDOM = np.random.default_rng(1)
P = RANDOM.dirichlet([1, 1, 1], size=40).astype("float32")
Y = RANDOM.integers(0, 3, 40)


def _accuracy(y, weight=None):
    metric = ClassAccuracy()
    for part in np.array_split(np.arange(40), 3):  # Uneven batches.
        metric.update_state(
            y[part], P[part], None if weight is None else weight[part]
        )
    return float(metric.result())


def test_labels_columns_and_rows_give_scikit_learns_accuracy():
    expected = accuracy_score(Y, P.argmax(1))
    for y in (Y, Y[:, None], np.eye(3)[Y]):
        np.testing.assert_allclose(_accuracy(y), expected, rtol=1e-6)


def test_weights_weigh():
    weight = RANDOM.uniform(size=40).astype("float32")
    expected = accuracy_score(Y, P.argmax(1), sample_weight=weight)
    np.testing.assert_allclose(_accuracy(Y, weight), expected, rtol=1e-5)


def test_survives_its_config():
    metric = ClassAccuracy(name="share")
    again = keras.metrics.deserialize(keras.metrics.serialize(metric))
    assert again.get_config() == metric.get_config()
