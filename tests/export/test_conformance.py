"""Everything registered, exported: the files answer as the model does."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

import mmfusion as mm
from tests.conformance.cases import DECISIONS, ENCODERS, FUSIONS, ROWS
from tests.export import together

# `test_litert.py` converts these, too.
CONVERTED = {"image_cnn", "tabular_mlp", "text_bag", "text_gru", "vector_mlp"}
every_group = pytest.mark.parametrize(
    "group",
    [
        pytest.param(group, marks=pytest.mark.xdist_group(f"export-{group}"))
        for group in together.GROUPS
    ],
)
# Answers that are one of few: of a hard decision.
HARD = {"argmax", "vote"}


@functools.lru_cache(maxsize=4)
def asked(case):
    """A model, rows for it, and requests with the model's own answers."""
    model, x = together.build(case) if isinstance(case, str) else build(case)
    return model, x, list(requests(model, x))


def build(case):
    """A small model with the encoder of the case, and rows for it."""
    keras.utils.set_random_seed(3)
    random = np.random.default_rng(3)
    x = {"image": random.normal(size=(ROWS, 3)).astype("float32")}
    given = case.inputs()
    if not isinstance(given, dict):
        given = {"audio": given}
    x |= {
        "audio_mask" if key == "mask" else "audio": value
        for key, value in given.items()
    }
    model = mm.models.fusion_model(
        {
            "image": mm.encoders.vector_mlp(3, units=4, hidden=()),
            "audio": pooled(case.create()),
        },
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(["a", "b", "c"]),
        optional=["audio"],
    )
    together.spread(model, random)
    return model, x


def pooled(encoder):
    """An encoder of a sequence, with its steps averaged."""
    if not isinstance(encoder.output, dict):
        return encoder
    return keras.Model(
        encoder.input, mm.layers.MeanPool()(encoder.output), name="pooled"
    )


def requests(model, x):
    """What is sent, by what is absent in it, and the model's own answer.

    The model is asked with the flag false; the file gets NaN, too. (That this
    is the same as to leave it out is a test of all models.) It gets NaN in
    steps that do not count, too.
    """
    clean, x = x, with_garbage(x)
    there = {f"{name}_present": np.ones(ROWS, bool) for name in model.optional}
    everything, changes = ask(model, clean | there), {}
    yield None, {**x, **there}, everything
    for name in model.optional:
        flag = f"{name}_present"
        nothing = np.nan if x[name].dtype.kind == "f" else -1
        sent = {**x, **there, name: np.full_like(x[name], nothing)}
        sent[flag] = np.zeros(ROWS, bool)
        absent = {name: np.zeros_like(x[name]), flag: sent[flag]}
        expected = ask(model, clean | there | absent)
        for output, y in expected.items():
            change = np.abs(y - everything[output]).max()
            changes.setdefault(output, []).append(change)
        yield name, sent, expected
        # In one request, it is absent in every other row.
        sent = {**sent, name: sent[name].copy(), flag: np.arange(ROWS) % 2 == 0}
        sent[name][::2] = x[name][::2]
        mixed = {
            output: np.where(sent[flag][:, None], everything[output], y)
            for output, y in expected.items()
        }
        yield None, sent, mixed
    # Each modality matters to each output, by more than the tolerance.
    for output, sizes in changes.items():
        if output not in HARD:
            assert min(sizes) > 3e-4, output


def with_garbage(x):
    """NaN in each step that does not count."""
    broken = dict(x)
    for key, mask in x.items():
        name = key.removesuffix("_mask")
        if name != key and x[name].dtype.kind == "f":
            broken[name] = np.where(
                mask.reshape(mask.shape + (1,) * (x[name].ndim - mask.ndim)),
                x[name],
                np.float32("nan"),
            )
    return broken


def ask(model, x):
    return model.predict(x, verbose=0)


def run(runner, request):
    """The answers of a LiteRT file, as many rows at a time as it takes."""
    details = runner.get_input_details()
    assert sorted(details) == sorted(request)
    (size,) = {int(x["shape_signature"][0]) for x in details.values()}
    size = ROWS if size == -1 else size
    answers = []
    for start in range(0, ROWS, size):
        rows = {key: x[start : start + size] for key, x in request.items()}
        found = runner(**rows)
        answers.append({key: np.array(y) for key, y in found.items()})
    return {
        key: np.concatenate([part[key] for part in answers])
        for key in answers[0]
    }


def assert_same(given, expected):
    for output, y in expected.items():
        np.testing.assert_allclose(
            given[output], y, rtol=0, atol=1e-4, err_msg=output
        )


def check_saved_model(case, folder):
    model, x, sent_and_expected = asked(case)
    folder = mm.export.saved_model(model, folder, samples=x)
    serve = tf.saved_model.load(folder).signatures["serving_default"]
    for _, sent, expected in sent_and_expected:
        served = serve(**{key: tf.constant(v) for key, v in sent.items()})
        assert set(served["status"].numpy()) == {b"ok"}
        assert_same({k: served[k].numpy() for k in expected}, expected)


def check_litert(case, folder):
    model, x, sent_and_expected = asked(case)
    file = mm.export.litert(model, folder / "model.tflite", samples=x)
    interpreter = Interpreter(model_path=str(file))
    runner = interpreter.get_signature_runner("serving_default")
    for absent, sent, expected in sent_and_expected:
        assert_same(run(runner, sent), expected)
        if absent:  # It need not be sent, either.
            less = {k: v for k, v in sent.items() if not k.startswith(absent)}
            without = interpreter.get_signature_runner(f"without_{absent}")
            assert_same(run(without, less), expected)


def test_every_fusion_and_decision_is_an_output():
    names = {
        case.name
        for group in together.GROUPS.values()
        for case in group.values()
    }
    assert names == {case.name for case in FUSIONS + DECISIONS}


@every_group
def test_saved_model_of_fusions_answers_as_the_model(group, tmp_path):
    check_saved_model(group, tmp_path)


@every_group
def test_litert_of_fusions_answers_as_the_model(group, tmp_path):
    check_litert(group, tmp_path)


# Variants are converted to LiteRT below, which goes through a SavedModel.
@pytest.mark.parametrize(
    "case", [case for case in ENCODERS if not case.variant], ids=str
)
def test_saved_model_answers_as_the_model(case, tmp_path):
    check_saved_model(case, tmp_path)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.slow] * (case.name in CONVERTED))
        for case in ENCODERS
    ],
    ids=str,
)
def test_litert_answers_as_the_model(case, tmp_path):
    check_litert(case, tmp_path)
