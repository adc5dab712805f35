"""WeightedFusion: the formula, by hand."""

import numpy as np
from keras import ops

from mmfusion.fusion import WeightedFusion

X = {"a": np.array([[1.0]]), "b": np.array([[5.0]])}


def _layer(activation=None):
    layer = WeightedFusion(1, activation=activation)
    layer.build({"a": (None, 1), "b": (None, 1)})
    layer.scores.assign(np.log([1.0, 3.0]))  # Weights 1/4 and 3/4.
    for project, scale in zip(layer.projections, (2.0, -1.0), strict=True):
        project.set_weights([np.full((1, 1), scale), np.array([1.0])])
    return layer


def test_linear_is_the_weighted_sum():
    fused = ops.convert_to_numpy(_layer()(X))
    # 1/4 (2 * 1 + 1) + 3/4 (-1 * 5 + 1)
    np.testing.assert_allclose(fused, [[0.25 * 3 - 0.75 * 4]], rtol=1e-5)


def test_nonlinear_is_its_activation():
    fused = ops.convert_to_numpy(_layer("relu")(X))
    np.testing.assert_allclose(fused, [[0.0]])


def test_weights_renormalise_over_what_is_present():
    fused = _layer()(X, present={"b": np.array([False])})
    np.testing.assert_allclose(ops.convert_to_numpy(fused), [[3.0]], rtol=1e-5)
