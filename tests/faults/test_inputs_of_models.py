"""Faults of what a model is given."""

import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError

WAYS = ("fit", "evaluate", "predict", "call", "dataset")


@pytest.fixture(scope="module")
def model():
    model = mm.models.fusion_model(
        {
            "a": mm.encoders.vector_mlp(2, units=2),
            "b": mm.encoders.vector_mlp(2, units=2),
        },
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
        optional=["b"],
    )
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    return model


def give(model, way, x):
    y = {"label": np.zeros(len(next(iter(x.values()))), "int32")}
    if way == "predict":
        return model.predict(x, verbose=0)
    if way == "call":
        return model(x)
    if way == "dataset":
        import tensorflow as tf

        rows = tf.data.Dataset.from_tensor_slices((x, y)).batch(2)
        return model.fit(rows, verbose=0)
    return getattr(model, way)(x, y, verbose=0)


@pytest.mark.parametrize("way", WAYS)
def test_fault_93_an_unknown_input_is_named(model, way):
    x = {"a": np.zeros((4, 2), "float32"), "c": np.zeros((4, 2), "float32")}
    with pytest.raises(ArgumentError, match=r"'a', 'b'.*Received: \['a', 'c'"):
        give(model, way, x)


@pytest.mark.parametrize("way", WAYS)
def test_fault_94_a_needed_input_that_is_not_there_is_named(model, way):
    x = {"b": np.zeros((4, 2), "float32")}
    with pytest.raises(ArgumentError, match=r"\['a'\] are needed"):
        give(model, way, x)


def test_fault_94_a_flag_is_a_bool_and_as_long_as_the_rest(model):
    x = {name: np.zeros((4, 2), "float32") for name in "ab"}
    with pytest.raises(ArgumentError, match="flag 'b_present' to be bool"):
        model.predict({**x, "b_present": np.ones(4)}, verbose=0)
    with pytest.raises(ArgumentError, match="as many rows.*'b_present': 3"):
        model.predict({**x, "b_present": np.ones(3, bool)}, verbose=0)
    with pytest.raises(ArgumentError, match=r"expects \['b'\] with the rest"):
        model.predict({"a": x["a"], "b_present": np.ones(4, bool)}, verbose=0)
