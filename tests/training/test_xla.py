"""XLA: said, checked, never assumed."""

import keras
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import resolve_xla
from mmfusion.training.xla import check_xla


class _NoXla(keras.layers.Layer):
    """As a layer over strings is."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = False

    def call(self, x):
        return x


def _model(*layers):
    inputs = keras.Input((2,), name="v")
    x = inputs
    for layer in layers:
        x = layer(x)
    encoder = keras.Model(inputs, keras.layers.Dense(2)(x), name="own")
    return mm.models.fusion_model(
        {"v": encoder}, mm.fusion.ConcatFusion(2), mm.tasks.Classification(2)
    )


def test_on_and_off_are_as_asked():
    model = _model()
    for setting, on in (("on", True), ("off", False)):
        outcome = resolve_xla(setting, model)
        assert outcome == {"on": on, "why": f"{setting}: as asked"}
        model.compile("sgd", loss="mse", jit_compile=outcome["on"])
        check_xla(model, outcome)


def test_auto_says_why():
    assert resolve_xla("auto", _model())["why"].startswith("auto: ")
    outcome = resolve_xla("auto", _model(_NoXla(name="words")))
    assert outcome == {
        "on": False,
        "why": "auto: words does not support XLA",
    }


def test_on_that_cannot_be_had_is_an_error_and_names_the_layer():
    with pytest.raises(ArgumentError, match=r"\['words'\]"):
        resolve_xla("on", _model(_NoXla(name="words")))


def test_xla_that_keras_drops_is_noticed():
    model = _model(_NoXla())
    with pytest.warns(UserWarning, match="jit_compile"):
        model.compile("sgd", loss="mse", jit_compile=True)
    with pytest.raises(ArgumentError, match="Keras set `jit_compile`"):
        check_xla(model, {"on": True, "why": "on: as asked"})
