"""What holds for a model with every fusion and every decision."""

import copy

import keras
import numpy as np
import pytest

import mmfusion as mm
from tests.conformance.cases import DECISIONS, FUSIONS

ROWS = 12
every_model = pytest.mark.parametrize("case", FUSIONS + DECISIONS, ids=str)


def build(case, **options):
    """A model with three modalities, two of them optional."""
    keras.utils.set_random_seed(1)
    encoders = {
        "image": mm.encoders.image_cnn((6, 6, 3), units=5, hidden=(4,)),
        "sound": mm.encoders.vector_mlp(3, units=5, hidden=(), name="sound"),
        "words": mm.encoders.text_bag(7, units=5, name="words"),
    }
    assemble = (
        mm.models.fusion_model
        if case.kind == "fusion"
        else mm.models.late_fusion_model
    )
    return assemble(
        encoders,
        case.create(),
        mm.tasks.Classification(["a", "b", "c"]),
        optional=("sound", "words"),
        **options,
    )


def data():
    random = np.random.default_rng(2)
    x = {
        "image": random.uniform(0, 255, (ROWS, 6, 6, 3)).astype("float32"),
        "sound": random.normal(size=(ROWS, 3)).astype("float32"),
        "words": random.normal(size=(ROWS, 7)).astype("float32"),
    }
    return x, {"label": random.integers(0, 3, ROWS)}


def compiled(case, **options):
    model = build(case, **options)
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    return model


def answer(model, x):
    return model.predict(x, verbose=0)["label"]


def assert_finite_weights(model):
    for weight in model.weights:
        assert np.isfinite(np.asarray(weight)).all(), weight.path


@every_model
def test_absent_as_flag_as_left_out_key_and_as_nan_are_the_same(case):
    model = compiled(case)
    x, y = data()
    for name in model.optional:
        without = {key: value for key, value in x.items() if key != name}
        absent = {
            **x,
            f"{name}_present": np.zeros(ROWS, bool),
        }
        broken = {**absent, name: np.full_like(x[name], np.nan)}
        expected = answer(model, without)
        assert np.isfinite(expected).all()
        np.testing.assert_array_equal(answer(model, absent), expected)
        np.testing.assert_array_equal(answer(model, broken), expected)
        assert not np.allclose(answer(model, x), expected)
        for inputs in (without, broken):
            loss = model.fit(inputs, y, verbose=0).history["loss"][-1]
            assert np.isfinite(loss)
            assert_finite_weights(model)


@every_model
def test_flags_may_differ_from_row_to_row(case):
    model = compiled(case)
    x, _ = data()
    flags = {
        "sound_present": np.arange(ROWS) % 2 == 0,
        "words_present": np.arange(ROWS) % 3 == 0,
    }
    mixed = answer(model, {**x, **flags})
    for row in range(ROWS):
        alone = {
            key: value[row : row + 1]
            for key, value in x.items()
            if flags.get(f"{key}_present", np.ones(ROWS, bool))[row]
        }
        np.testing.assert_allclose(
            answer(model, alone)[0], mixed[row], atol=1e-5
        )


@every_model
def test_unknown_and_missing_names_are_refused_everywhere(case):
    model = compiled(case)
    x, y = data()
    weights = [np.array(w) for w in model.weights]
    more = {**x, "caption": x["words"]}
    less = {"sound": x["sound"]}
    for inputs in (more, less):
        calls = (
            lambda i=inputs: model.fit(i, y, verbose=0),
            lambda i=inputs: model.evaluate(i, y, verbose=0),
            lambda i=inputs: model.predict(i, verbose=0),
            lambda i=inputs: model(i),
        )
        for call in calls:
            with pytest.raises(ValueError, match="of which .*image.* needed"):
                call()
    for old, new in zip(weights, model.weights, strict=True):
        np.testing.assert_array_equal(old, np.asarray(new))
    answer(model, x)  # It still works, on JAX too.


@every_model
def test_inputs_stay_untouched(case):
    model = compiled(case)
    x, y = data()
    before = copy.deepcopy(x)
    model.fit(x, y, verbose=0)
    assert list(x) == list(before)
    for name in x:
        np.testing.assert_array_equal(x[name], before[name])


@every_model
def test_save_and_load_keep_answers_and_training(case, tmp_path):
    model = compiled(case)
    x, y = data()
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    assert type(again) is mm.models.FusionModel
    assert again.modalities == model.modalities
    assert again.optional == ("sound", "words")
    without = {"image": x["image"]}
    np.testing.assert_array_equal(answer(again, x), answer(model, x))
    np.testing.assert_array_equal(
        answer(again, without), answer(model, without)
    )
    assert int(again.optimizer.iterations) == int(model.optimizer.iterations)
    again.fit(without, y, verbose=0)


@every_model
def test_alone_has_one_modality_and_trains(case):
    model = compiled(case)
    x, y = data()
    for name in model.modalities:
        single = mm.models.alone(model, name)
        assert list(single.modalities) == [name]
        single.compile("sgd", **mm.tasks.compile_arguments(single))
        single.fit({name: x[name]}, y, verbose=0)
        assert answer(single, {name: x[name]}).shape == (ROWS, 3)
