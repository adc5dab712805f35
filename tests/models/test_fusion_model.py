"""FusionModel: targets, embeddings and data it must refuse."""

import keras
import numpy as np
import pytest

import mmfusion as mm

RANDOM = np.random.default_rng(0)
X = {
    "a": RANDOM.normal(size=(16, 3)).astype("float32"),
    "b": RANDOM.normal(size=(16, 2)).astype("float32"),
}
Y = RANDOM.integers(0, 2, 16)


def _encoders():
    return {
        "a": mm.encoders.vector_mlp(3, units=4, name="a"),
        "b": mm.encoders.vector_mlp(2, units=4, name="b"),
    }


def _model(optional=("b",)):
    model = mm.models.fusion_model(
        _encoders(),
        mm.fusion.ConcatFusion(5),
        mm.tasks.Classification(2),
        optional=optional,
    )
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    return model


def _late():
    return mm.models.late_fusion_model(
        _encoders(),
        mm.decision.AverageDecision(),
        mm.tasks.Classification(2),
        auxiliary=True,
    )


def test_auxiliary_outputs_learn_from_the_one_target_by_their_weights():
    model = _late()
    weights = {"label": 1.0, "label_a": 0.3, "label_b": 0.0}
    model.compile("sgd", **mm.tasks.compile_arguments(model, weights=weights))
    p = {k: np.asarray(v) for k, v in model(X).items()}
    logs = model.evaluate(X, {"label": Y}, verbose=0, return_dict=True)

    def loss(name):
        return -np.log(p[name][np.arange(16), Y]).mean()

    assert logs["loss"] == pytest.approx(
        loss("label") + 0.3 * loss("label_a"), rel=1e-4
    )
    assert logs["label_b_accuracy"] == pytest.approx(
        (p["label_b"].argmax(1) == Y).mean()
    )
    assert list(model.main_tasks) == ["label"]
    before = model.get_layer("label_b").get_weights()[0]
    model.fit(X, {"label": Y}, verbose=0)
    # Weight zero for its own loss, but the average teaches it still.
    assert not np.array_equal(
        before, model.get_layer("label_b").get_weights()[0]
    )


def test_loss_weights_must_name_every_output():
    model = _late()
    with pytest.raises(ValueError, match="needs the key 'label_a'"):
        mm.tasks.compile_arguments(model, weights={"label": 1.0})
    with pytest.raises(ValueError, match="Did you mean 'label_a'"):
        mm.tasks.compile_arguments(
            model, weights={"label": 1, "labela": 1, "label_b": 1}
        )


def test_sample_weights_by_target_reach_every_output():
    model = _late()
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    weight = (np.arange(16) < 4).astype("float32")
    p = np.asarray(model(X)["label_a"])
    logs = model.evaluate(
        X,
        {"label": Y},
        sample_weight={"label": weight},
        batch_size=16,
        verbose=0,
        return_dict=True,
    )
    expected = (-np.log(p[np.arange(16), Y]) * weight).mean()
    assert logs["label_a_loss"] == pytest.approx(expected, rel=1e-4)


def test_embed_is_the_output_of_the_fusion_layer():
    model = _model()
    embedding = model.embed(X)
    assert embedding.shape == (16, 5)
    task = model.get_layer("label")
    np.testing.assert_allclose(
        np.asarray(task(embedding)),
        model.predict(X, verbose=0)["label"],
        atol=1e-6,
    )
    assert np.isfinite(model.embed({"a": X["a"]})).all()


def test_a_late_fusion_has_no_embedding():
    with pytest.raises(ValueError, match="no fused embedding"):
        _late().embed(X)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([X["a"], X["b"]], Y, "expects a dict of the inputs"),
        (X["a"], Y, "expects a dict of the inputs"),
        ({}, Y, "needed"),
        ({**X, "a": X["a"][:5]}, Y, "as many rows.*'a': 5"),
        (X, Y[:3], "as many rows.*'y': 3"),
        ({**X, "b_present": np.ones(16)}, Y, "'b_present' to be bool.*float"),
        ({**X, "b_present": np.ones(3, bool)}, Y, "'b_present': 3"),
        (X, {"lable": Y}, "Did you mean 'label'"),
        (X, {}, "needs the target 'label'"),
        (X, {"label": Y + 1}, "0..1. Received: 2 in row"),
    ],
)
def test_data_that_does_not_fit_is_named_before_training(x, y, message):
    model = _model()
    before = [np.array(w) for w in model.weights]
    with pytest.raises(ValueError, match=message):
        model.fit(x, y, verbose=0)
    for old, new in zip(before, model.weights, strict=True):
        np.testing.assert_array_equal(old, np.asarray(new))


def test_validation_data_is_checked_too():
    with pytest.raises(ValueError, match="expects the inputs"):
        _model().fit(X, Y, validation_data=({**X, "c": X["a"]}, Y), verbose=0)


def _remembered(model):
    names = ("epochs", "patience", "batch_size")
    return tuple(model.fit_settings[name] for name in names)


def test_fit_remembers_how_until_the_model_is_compiled_again():
    model = _model()
    stop = keras.callbacks.EarlyStopping(patience=7, restore_best_weights=True)
    model.fit(
        X, Y, epochs=2, callbacks=[stop], validation_data=(X, Y), verbose=0
    )
    assert _remembered(model) == (2, 7, 32)
    model.fit(X, Y, 8, 3, 0)  # By position; the epochs add up.
    assert _remembered(model) == (5, None, 8)
    rate = model.fit_settings["optimizer"]["learning_rate"]
    assert rate == pytest.approx(0.01)
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    model.fit(X, Y, verbose=0)
    assert _remembered(model) == (1, None, 32)


@pytest.mark.parametrize("flag", [True, False])
def test_a_flag_without_its_modality_is_refused(flag):
    model = _model()
    x = {"a": X["a"], "b_present": np.full(16, flag)}
    for call in (
        lambda: model.predict(x, verbose=0),
        lambda: model.fit(x, Y, verbose=0),
        lambda: model(x),
    ):
        with pytest.raises(ValueError, match=r"\['b'\] with the rest of 'b'"):
            call()


def test_a_copy_with_new_weights():
    model = _model()
    with pytest.raises(ValueError, match="from_config"):
        keras.models.clone_model(model)
    copy = type(model).from_config(model.get_config())
    assert copy.modalities == model.modalities
    shapes = [w.shape for w in model.get_weights()]
    assert [w.shape for w in copy.get_weights()] == shapes
    assert not np.array_equal(copy.get_weights()[0], model.get_weights()[0])


def test_arrays_may_be_given_without_an_optional_modality():
    model = _model()
    called = np.asarray(model({"a": X["a"]})["label"])
    predicted = model.predict({"a": X["a"]}, verbose=0)["label"]
    np.testing.assert_allclose(called, predicted, atol=1e-6)
