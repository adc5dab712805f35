"""What holds for a model with every fusion and every decision."""

import copy

import keras
import numpy as np
import pytest

import mmfusion as mm
from tests.conformance.cases import DECISIONS, FUSIONS

ROWS, STEPS = 12, 3
# One case of each: a variant is a layer of the same arguments.
EVERY = [case for case in FUSIONS + DECISIONS if not case.variant]
# For what differs little from layer to layer, and on JAX, which compiles for
# minutes.
FEW = {"concat", "self_attention", "average", "stacked"}
some_models = pytest.mark.parametrize(
    "case",
    [
        case
        for case in EVERY
        if keras.backend.backend() != "jax" or case.name in FEW
    ],
    ids=str,
)
few_models = pytest.mark.parametrize(
    "case", [case for case in EVERY if case.name in FEW], ids=str
)


def build(case, **options):
    """A model with three modalities, two of them optional."""
    keras.utils.set_random_seed(1)
    encoders = {
        name: mm.encoders.vector_mlp(dim, units=5, hidden=(), name=name)
        for name, dim in (("image", 4), ("sound", 3))
    }
    encoders["words"] = mm.encoders.vector_sequence(
        (STEPS, 7),
        units=5,
        hidden=(),
        pool=None if takes_steps(case) else "mean",
        masked=True,
        name="words",
    )
    if takes_steps(case):
        encoders["sound"] = mm.encoders.vector_sequence(
            (2, 3), units=5, hidden=(), pool=None, name="sound"
        )
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


def takes_steps(case):
    return case.create().embedding_rank == 3


def data(case):
    """Rows; of some words all steps count, of others some, one or none."""
    random = np.random.default_rng(2)
    sound = (2, 3) if takes_steps(case) else (3,)
    x = {
        "image": random.normal(size=(ROWS, 4)).astype("float32"),
        "sound": random.normal(size=(ROWS, *sound)).astype("float32"),
        "words": random.normal(size=(ROWS, STEPS, 7)).astype("float32"),
        "words_mask": np.arange(STEPS) < np.resize([3, 2, 1, 3], (ROWS, 1)),
    }
    return x, {"label": random.integers(0, 3, ROWS)}


def compiled(case, **options):
    model = build(case, **options)
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    return model


def answer(model, x, **options):
    return model.predict(x, verbose=0, **options)["label"]


def assert_finite_weights(model):
    for weight in model.weights:
        assert np.isfinite(np.asarray(weight)).all(), weight.path


@some_models
def test_absent_as_flag_as_left_out_key_and_as_nan_are_the_same(case):
    model = compiled(case)
    x, y = data(case)
    x |= {f"{name}_present": np.ones(ROWS, bool) for name in model.optional}
    asked = {"everything": x}
    for name in model.optional:
        absent = {**x, f"{name}_present": np.zeros(ROWS, bool)}
        asked[name] = absent
        asked[f"broken {name}"] = broken = {
            **absent,
            name: np.full_like(x[name], np.nan),
        }
    # All of these are one graph; a batch each.
    rows = {key: np.concatenate([a[key] for a in asked.values()]) for key in x}
    answers = answer(model, rows, batch_size=ROWS)
    answers = dict(zip(asked, np.split(answers, len(asked)), strict=True))
    for name in model.optional:
        expected = answers[name]
        assert np.isfinite(expected).all()
        np.testing.assert_array_equal(answers[f"broken {name}"], expected)
        without = {k: v for k, v in x.items() if not k.startswith(name)}
        # Another graph, which may round otherwise.
        np.testing.assert_allclose(
            answer(model, without), expected, rtol=1e-5, atol=1e-7
        )
        assert not np.allclose(answers["everything"], expected)
    loss = model.fit(broken, y, verbose=0).history["loss"][-1]
    assert np.isfinite(loss)
    assert_finite_weights(model)


@few_models  # The layers of all others are asked row by row elsewhere.
def test_flags_may_differ_from_row_to_row(case):
    model = compiled(case)
    x, _ = data(case)
    flags = {
        "sound_present": np.arange(ROWS) % 2 == 0,
        "words_present": np.arange(ROWS) % 3 == 0,
    }
    mixed = answer(model, {**x, **flags})
    for row in range(ROWS):
        alone = {
            key: value[row : row + 1]
            for key, value in x.items()
            if flags.get(f"{key[:5]}_present", np.ones(ROWS, bool))[row]
        }
        np.testing.assert_allclose(
            np.asarray(model.predict_on_batch(alone)["label"])[0],
            mixed[row],
            atol=1e-5,
        )


@few_models
def test_unknown_and_missing_names_are_refused_everywhere(case):
    model = compiled(case)
    x, y = data(case)
    weights = [np.array(w) for w in model.weights]
    more = {**x, "caption": x["image"]}
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


@few_models  # How each layer is saved is a test of layers.
def test_save_and_load_keep_answers_and_training(case, tmp_path):
    model = compiled(case)
    x, y = data(case)
    before = copy.deepcopy(x)
    model.fit(x, y, verbose=0)
    assert list(x) == list(before)  # Inputs stay untouched.
    for name in x:
        np.testing.assert_array_equal(x[name], before[name])
    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    assert type(again) is mm.models.FusionModel
    assert again.modalities == model.modalities
    assert again.optional == ("sound", "words")
    np.testing.assert_array_equal(answer(again, x), answer(model, x))
    assert int(again.optimizer.iterations) == int(model.optimizer.iterations)
    again.fit({"image": x["image"]}, y, verbose=0)


@few_models  # No fusion has a part in it.
def test_alone_has_one_modality_and_trains(case):
    model = compiled(case)
    x, y = data(case)
    for name in model.modalities:
        single = mm.models.alone(model, name)
        assert list(single.modalities) == [name]
    single.compile("sgd", **mm.tasks.compile_arguments(single))
    own = {key: x[key] for key in model.modalities[name]["inputs"]}
    single.fit(own, y, verbose=0)
    assert np.isfinite(answer(single, own)).all()
