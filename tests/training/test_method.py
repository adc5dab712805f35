"""A method trains the model that it is put around."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import Method, UncertaintyWeighting
from tests.training import small


def test_the_model_learns_and_the_method_may_go():
    model = small.model()
    x, y, _ = small.rows()
    before = [np.array(w) for w in model.get_weights()]
    method = Method(model)
    method.compile("adam")
    method.fit(x, y, epochs=2, verbose=0)
    del method
    for weight, old in zip(model.trainable_weights, before, strict=False):
        assert weight.shape == old.shape
    moved = [
        not np.array_equal(w, old)
        for w, old in zip(model.get_weights(), before, strict=True)
    ]
    assert all(moved)
    assert isinstance(model, mm.models.FusionModel)


def test_it_trains_as_the_model_itself():
    x, y, weights = small.rows()
    histories = []
    for wrap in (lambda model: model, Method):
        trainee = wrap(small.model())
        trainee.compile(
            keras.optimizers.SGD(0.1),
            **mm.tasks.compile_arguments(
                small.model(), {"label": 1.0, "label_a": 0.5, "label_b": 0.25}
            ),
        )
        history = trainee.fit(
            x,
            y,
            sample_weight=weights,
            epochs=3,
            batch_size=5,
            shuffle=False,
            verbose=0,
        ).history
        histories.append(history)
    plain, wrapped = histories
    # A method weights the last, smaller batch as Keras does.
    np.testing.assert_allclose(wrapped["loss"], plain["loss"], rtol=1e-5)
    np.testing.assert_allclose(
        wrapped["label_accuracy"], plain["label_accuracy"], rtol=1e-6
    )


def test_validation_has_the_plain_loss_of_the_answer():
    model = small.model()
    x, y, _ = small.rows()
    method = UncertaintyWeighting(model)
    method.compile("sgd")
    p = small.probabilities(model, x)
    loss = method.evaluate(x, y, verbose=0, return_dict=True)["loss"]
    expected = small.log_losses(p["label"], y["label"]).mean()
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


def test_names_are_checked_before_keras_starts():
    x, y, _ = small.rows()
    method = Method(small.model())
    method.compile("sgd")
    with pytest.raises(ArgumentError, match="'c'"):
        method.fit({**x, "c": x["a"]}, y, verbose=0)


def test_only_fusion_models_have_methods():
    with pytest.raises(ArgumentError, match="`Method` expects a `FusionModel`"):
        Method(keras.Sequential())
