"""ConcatFusion: the formula, by hand, and dropout in training only."""

import numpy as np
from keras import ops

from mmfusion.fusion import ConcatFusion


def test_connection_over_the_concatenation_in_sorted_order():
    layer = ConcatFusion(1, activation=None)
    layer.build({"b": (None, 1), "a": (None, 2)})
    layer.connection.set_weights(
        [np.array([[1.0], [10.0], [100.0]]), np.array([0.5])]
    )
    x = {"b": np.array([[3.0]]), "a": np.array([[1.0, 2.0]])}
    fused = ops.convert_to_numpy(layer(x))
    np.testing.assert_allclose(fused, [[1 + 20 + 300 + 0.5]])


def test_dropout_acts_in_training_only():
    layer = ConcatFusion(200, dropout=0.5)
    x = {"a": np.ones((1, 3), "float32")}
    plain = ops.convert_to_numpy(layer(x))
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), plain)
    trained = ops.convert_to_numpy(layer(x, training=True))
    zero = (trained == 0) & (plain > 0)
    assert 0.3 < zero.sum() / (plain > 0).sum() < 0.7
