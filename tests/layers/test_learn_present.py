"""LearnPresent: answers as they are, nothing learned from absent rows."""

import keras
import numpy as np
import pytest
from keras import ops

import mmfusion as mm
from mmfusion.layers import LearnPresent
from tests.gradient import gradient


def test_values_stay_and_gradients_of_absent_rows_are_zero():
    x = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
    here = np.array([True, False])
    layer = LearnPresent()
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x, here)), x)
    slope = gradient(lambda v: ops.sum(layer(v, here) ** 2), x)
    np.testing.assert_allclose(slope, [[2.0, 4.0], [0.0, 0.0]])


@pytest.mark.parametrize("kind", ["fusion", "decision"])
def test_a_head_learns_from_rows_that_have_its_modality(kind):
    """Else its bias would learn how frequent the classes are."""
    keras.utils.set_random_seed(0)
    assemble, middle = {
        "fusion": (mm.models.fusion_model, mm.fusion.ConcatFusion(4)),
        "decision": (
            mm.models.late_fusion_model,
            mm.decision.AverageDecision(),
        ),
    }[kind]
    model = assemble(
        {n: mm.encoders.vector_mlp(3, units=4) for n in "ab"},
        middle,
        mm.tasks.Classification(3),
        optional=["b"],
        auxiliary=True,
    )
    model.compile(
        keras.optimizers.SGD(1.0), **mm.tasks.compile_arguments(model)
    )
    x = {
        "a": np.ones((6, 3), "float32"),
        "b": np.ones((6, 3), "float32"),
        "b_present": np.zeros(6, bool),
    }
    head = model.get_layer("label_b")
    before = [np.array(w) for w in head.weights]
    model.fit(x, {"label": np.zeros(6, int)}, verbose=0)
    for old, new in zip(before, head.weights, strict=True):
        np.testing.assert_array_equal(np.array(new), old)
    model.fit(
        {**x, "b_present": np.ones(6, bool)},
        {"label": np.zeros(6, int)},
        verbose=0,
    )
    bias = head.weights[1]  # An embedding of zeros moves no kernel.
    assert not np.array_equal(np.array(bias), before[1])
