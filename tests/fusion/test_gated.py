"""GatedFusion: the formula, by hand."""

import numpy as np
import pytest
from keras import ops

from mmfusion.fusion import GatedFusion


def _with_known_weights():
    layer = GatedFusion(1)
    layer.build({"image": (None, 1), "text": (None, 1)})
    for weight in layer.weights:
        weight.assign(np.zeros(weight.shape))
    for project in layer.projections:
        project.set_weights([np.ones((1, 1)), np.zeros(1)])
    return layer


def test_equal_gates_give_the_mean():
    fused = _with_known_weights()(
        {"image": np.array([[0.5]]), "text": np.array([[-1.0]])}
    )
    # (tanh(0.5) + tanh(-1)) / 2 = (0.46212 - 0.76159) / 2
    np.testing.assert_allclose(
        ops.convert_to_numpy(fused), [[-0.149738]], atol=1e-5
    )


def test_absent_modality_is_ignored_even_if_nan():
    fused = _with_known_weights()(
        {"image": np.array([[0.5]]), "text": np.array([[np.nan]])},
        present={"image": np.array([True]), "text": np.array([False])},
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(fused), [[np.tanh(0.5)]], rtol=1e-5
    )


def test_the_gate_depends_on_the_row():
    layer = _with_known_weights()
    # The gate's logits are (3 e_image, 0).
    layer.gate.set_weights([np.array([[3.0, 0.0], [0.0, 0.0]]), np.zeros(2)])
    x = {"image": np.array([[2.0], [-2.0]]), "text": np.array([[1.0], [1.0]])}
    gate = 1 / (1 + np.exp(-3 * x["image"][:, 0]))
    expected = gate * np.tanh(x["image"][:, 0]) + (1 - gate) * np.tanh(1.0)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x))[:, 0], expected, rtol=1e-5
    )


def test_sequence_is_rejected_with_advice():
    with pytest.raises(ValueError, match=r"'text'.*rank 2.*\(4, 7, 3\).*Pool"):
        GatedFusion(units=1)({"text": np.ones((4, 7, 3))})
