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


def _same_inputs():
    """Tuples of encoders of one name that take the same."""
    found = {}
    for case in ENCODERS:
        x = case.inputs()
        x = x if isinstance(x, dict) else {"": x}
        key = [(name, a.shape, a.dtype.name) for name, a in sorted(x.items())]
        # LiteRT's converter refuses the steps of one recurrence side by side
        # with the last step of another.
        alone = case.variant if str(case) == "encoder-text_gru-sequence" else ""
        found.setdefault((case.name, alone, *key), []).append(case)
    return [tuple(cases) for cases in found.values()]


def _cases(groups, slow=()):
    """A mark; encoders named in `slow` are not run each time."""
    return pytest.mark.parametrize(
        "cases",
        [
            pytest.param(
                cases,
                id="-".join([cases[0].name, *(c.variant for c in cases)]),
                marks=[pytest.mark.xdist_group(f"export-{cases[0].name}")]
                + [pytest.mark.slow] * (cases[0].slow or cases[0].name in slow),
            )
            for cases in groups
        ],
    )


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
def asked(which):
    """A model, rows for it, and requests with the model's own answers.

    Args:
        which: name of a group of fusions, or cases of encoders.
    """
    make = together.build if isinstance(which, str) else build
    model, x = make(which)
    return model, x, list(requests(model, x))


def build(cases):
    """A small model with the encoders of the cases, and rows for it."""
    keras.utils.set_random_seed(3)
    random = np.random.default_rng(3)
    x = {"image": random.normal(size=(ROWS, 3)).astype("float32")}
    given = cases[0].inputs()
    if not isinstance(given, dict):
        given = {"audio": given}
    x |= {
        "audio_mask" if key == "mask" else "audio": value
        for key, value in given.items()
    }
    model = mm.models.fusion_model(
        {
            "image": mm.encoders.vector_mlp(3, units=4, hidden=()),
            "audio": side_by_side([pooled(case.create()) for case in cases]),
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


def side_by_side(encoders):
    """One encoder that gives what each of several gives, in one embedding."""
    if len(encoders) == 1:
        return encoders[0]
    inputs = {
        x.name: keras.Input(x.shape[1:], dtype=x.dtype, name=x.name)
        for x in encoders[0].inputs
    }
    given = inputs if len(inputs) > 1 else next(iter(inputs.values()))
    for number, encoder in enumerate(encoders):
        encoder.name = f"encoder_{number}"
    embeddings = [encoder(given) for encoder in encoders]
    return keras.Model(given, keras.layers.Concatenate()(embeddings))


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


def check_saved_model(which, folder):
    model, x, sent_and_expected = asked(which)
    folder = mm.export.saved_model(model, folder, samples=x)
    serve = tf.saved_model.load(folder).signatures["serving_default"]
    for _, sent, expected in sent_and_expected:
        served = serve(**{key: tf.constant(v) for key, v in sent.items()})
        assert set(served["status"].numpy()) == {b"ok"}
        assert_same({k: served[k].numpy() for k in expected}, expected)


def check_litert(which, folder):
    model, x, sent_and_expected = asked(which)
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
@_cases([(case,) for case in ENCODERS if not case.variant])
def test_saved_model_answers_as_the_model(cases, tmp_path):
    check_saved_model(cases, tmp_path)


@_cases(_same_inputs(), slow=CONVERTED)
def test_litert_answers_as_the_model(cases, tmp_path):
    check_litert(cases, tmp_path)
