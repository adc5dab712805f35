"""Everything registered, exported: the files answer as the model does."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

import mmfusion as mm
from tests.conformance.cases import DECISIONS, ENCODERS, FUSIONS, ROWS

EVERY = FUSIONS + DECISIONS + ENCODERS
# `test_litert.py` converts these, too.
CONVERTED = {"image_cnn", "tabular_mlp", "text_bag", "text_gru", "vector_mlp"}


@functools.lru_cache(maxsize=4)
def asked(case):
    """A model, rows for it, and requests with the model's own answers."""
    model, x = build(case)
    return model, x, list(requests(model, x))


def build(case):
    """A small model with the thing of the case, and rows for it."""
    keras.utils.set_random_seed(3)
    random = np.random.default_rng(3)

    def vector(dim):
        return mm.encoders.vector_mlp(dim, units=4, hidden=())

    def steps(count, dim):
        return mm.encoders.vector_sequence(
            (count, dim), units=4, hidden=(), pool=None, masked=True
        )

    encoders = {"image": vector(3), "audio": vector(4)}
    x = {"image": random.normal(size=(ROWS, 3)).astype("float32")}
    x["audio"] = 5 * random.normal(size=(ROWS, 4)).astype("float32")
    assemble, middle = mm.models.fusion_model, mm.fusion.ConcatFusion(4)
    optional = ["audio"]
    if case.kind == "encoder":
        encoders["audio"] = pooled(case.create())
        given = case.inputs()
        if not isinstance(given, dict):
            given = {"audio": given}
        x |= {
            "audio_mask" if key == "mask" else "audio": value
            for key, value in given.items()
        }
    else:  # A third modality, so that two are left.
        encoders["text"] = vector(2)
        x["text"] = 5 * random.normal(size=(ROWS, 2)).astype("float32")
        middle = case.create()
        if middle.embedding_rank == 3:
            encoders |= {"audio": steps(3, 4), "text": steps(2, 2)}
            x["audio"] = 5 * random.normal(size=(ROWS, 3, 4)).astype("float32")
            x["text"] = 5 * random.normal(size=(ROWS, 2, 2)).astype("float32")
            x["audio_mask"] = np.arange(3) < np.array([[3], [2], [1], [2]])
            x["text_mask"] = np.arange(2) < np.array([[1], [2], [2], [2]])
    if case.kind == "decision":
        assemble = mm.models.late_fusion_model
        optional = ["audio", "text"]  # Without one, a class may stay.
    model = assemble(
        encoders,
        middle,
        mm.tasks.Classification(["a", "b", "c"]),
        optional=optional,
    )
    # Zero biases and unit scales would hide that they were lost. Variances
    # stay above zero. Kernels of convolutions are random, and a deep network
    # would not survive a shift of all of them.
    for weight in model.weights:
        if len(weight.shape) > 2:
            continue
        noise = random.uniform(0.05, 0.4, weight.shape)
        weight.assign(keras.ops.convert_to_numpy(weight) + noise)
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
    is the same as to leave it out is a test of all models.)
    """
    there = {f"{name}_present": np.ones(ROWS, bool) for name in model.optional}
    everything, changes = ask(model, x | there), []
    yield None, {**x, **there}, everything
    for name in model.optional:
        flag = f"{name}_present"
        nothing = np.nan if x[name].dtype.kind == "f" else -1
        sent = {**x, **there, name: np.full_like(x[name], nothing)}
        sent[flag] = np.zeros(ROWS, bool)
        expected = ask(model, sent | {name: np.zeros_like(x[name])})
        changes.append(np.abs(expected - everything).max())
        yield name, sent, expected
        # In one request, it is absent in every other row.
        sent = {**sent, name: sent[name].copy(), flag: np.arange(ROWS) % 2 == 0}
        sent[name][::2] = x[name][::2]
        mixed = np.where(sent[flag][:, None], everything, expected)
        yield None, sent, mixed
    # Each matters; where the answer is one of few, one at least.
    hard = len(np.unique(everything)) == 2
    assert (max(changes) if hard else min(changes)) > 1e-3


def ask(model, x):
    return model.predict(x, verbose=0)["label"]


def run(runner, request):
    """The answer of a LiteRT file, as many rows at a time as it takes."""
    details = runner.get_input_details()
    assert sorted(details) == sorted(request)
    (size,) = {int(x["shape_signature"][0]) for x in details.values()}
    size = ROWS if size == -1 else size
    answers = []
    for start in range(0, ROWS, size):
        rows = {key: x[start : start + size] for key, x in request.items()}
        answers.append(np.array(runner(**rows)["label"]))
    return np.concatenate(answers)


# Variants are converted to LiteRT below, which goes through a SavedModel.
@pytest.mark.parametrize(
    "case", [case for case in EVERY if not case.variant], ids=str
)
def test_saved_model_answers_as_the_model(case, tmp_path):
    model, x, sent_and_expected = asked(case)
    folder = mm.export.saved_model(model, tmp_path, samples=x)
    serve = tf.saved_model.load(folder).signatures["serving_default"]
    for _, sent, expected in sent_and_expected:
        served = serve(**{key: tf.constant(v) for key, v in sent.items()})
        assert set(served["status"].numpy()) == {b"ok"}
        np.testing.assert_allclose(
            served["label"].numpy(), expected, rtol=0, atol=1e-4
        )


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.slow] * (case.name in CONVERTED))
        for case in EVERY
    ],
    ids=str,
)
def test_litert_answers_as_the_model(case, tmp_path):
    model, x, sent_and_expected = asked(case)
    file = mm.export.litert(model, tmp_path / "model.tflite", samples=x)
    interpreter = Interpreter(model_path=str(file))
    runner = interpreter.get_signature_runner("serving_default")
    for absent, sent, expected in sent_and_expected:
        np.testing.assert_allclose(
            run(runner, sent), expected, rtol=0, atol=1e-4
        )
        if absent:  # It need not be sent, either.
            less = {k: v for k, v in sent.items() if not k.startswith(absent)}
            without = interpreter.get_signature_runner(f"without_{absent}")
            np.testing.assert_allclose(
                run(without, less), expected, rtol=0, atol=1e-4
            )
