"""What holds for every encoder, fusion, decision, task and layer."""

import copy

import keras
import numpy as np
import pytest
from keras import tree

from tests.conformance.cases import EVERY

# What learns nothing of its own.
WITHOUT_WEIGHTS = {
    "KeepPresent",
    "LearnPresent",
    "MaxPool",
    "MeanPool",
    "SentencePool",
    "argmax",
    "average",
    "compact_bilinear",
    "contrastive",
    "deep_cca",
    "maximum",
    "product",
    "vote",
}

every_case = pytest.mark.parametrize("case", EVERY, ids=str)
# Steps that are given out are what the same encoder pools else.
every_pooled = pytest.mark.parametrize(
    "case", [case for case in EVERY if case.variant != "sequence"], ids=str
)
every_masked = pytest.mark.parametrize(
    "case",
    [
        case
        for case in EVERY
        if case.kind == "encoder" and isinstance(case.inputs(), dict)
    ],
    ids=str,
)


def _run(model, inputs):
    """The answer as an array; of a sequence and its mask, as two."""
    return tree.map_structure(keras.ops.convert_to_numpy, model(inputs))


def _answer(model, inputs):
    """`_run`, compiled on JAX, which else compiles each operation alone."""
    if keras.backend.backend() == "jax":
        return model.predict_on_batch(inputs)
    return _run(model, inputs)


def _assert_close(given, expected, **tolerance):
    tree.map_structure(
        lambda x, y: np.testing.assert_allclose(x, y, **tolerance),
        given,
        expected,
    )


def _trainable(model):
    """The model with one output, of which a loss can be taken."""
    if not isinstance(model.output, dict):
        return model
    return keras.Model(model.input, model.output["sequence"])


@every_case
@pytest.mark.variant  # A configuration knows no backend.
def test_config_round_trip(case):
    thing = case.create()
    again = type(thing).from_config(thing.get_config())
    assert again.get_config() == thing.get_config()


@every_case
def test_symbolic_shape_and_dtype_are_the_eager_ones(case):
    model, inputs = case.shared(), case.inputs()

    def same(symbolic, eager):
        assert tuple(symbolic.shape[1:]) == tuple(eager.shape[1:])
        assert symbolic.shape[0] is None
        assert symbolic.dtype == keras.backend.standardize_dtype(eager.dtype)

    tree.map_structure(same, model.output, _answer(model, inputs))


@every_case
def test_inputs_stay_untouched(case):
    model, inputs = case.shared(), case.inputs()
    before = copy.deepcopy(inputs)
    _answer(model, inputs)
    tree.map_structure(np.testing.assert_array_equal, inputs, before)


@every_case
def test_batch_of_one_is_the_first_row(case):
    model, inputs = case.shared(), case.inputs()
    first = tree.map_structure(lambda x: x[:1], inputs)
    rows = tree.map_structure(lambda x: x[:1], _answer(model, inputs))
    _assert_close(_answer(model, first), rows, rtol=1e-5, atol=5e-6)


@every_pooled
@pytest.mark.variant  # On JAX, XLA is all there is.
def test_xla_equals_eager(case):
    model, inputs = case.shared(), case.inputs()
    model.compile(jit_compile=True)
    assert model.jit_compile is True
    _assert_close(
        model.predict_on_batch(inputs), _run(model, inputs), atol=1e-5
    )


@every_pooled
def test_gradient_reaches_every_weight(case):
    model, inputs = _trainable(case.model()), case.inputs()
    if not model.trainable_weights:
        assert case.name in WITHOUT_WEIGHTS
        return
    before = [np.array(w) for w in model.get_weights()]
    model.compile(keras.optimizers.SGD(1.0), loss="mse")
    rows = len(tree.flatten(inputs)[0])
    shape = (rows, *model.output_shape[1:])
    target = np.random.default_rng(9).normal(size=shape)
    model.train_on_batch(inputs, target)
    unmoved = [
        weight.path
        for weight, old in zip(model.weights, before, strict=True)
        if weight.trainable
        and np.array_equal(np.array(weight), old)
        # A softmax does not see what is added to all its scores.
        and not weight.path.endswith("key/bias")
    ]
    assert unmoved == []


@every_case
def test_bfloat16_keeps_float32_weights_and_is_close(case):
    exact = _answer(_trainable(case.shared()), case.inputs())
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = _trainable(case.model())
        weights = [w for w in model.weights if w.dtype.startswith("float")]
        assert {w.dtype for w in weights} <= {"float32"}
        rough = _answer(model, case.inputs())
    finally:
        keras.config.set_dtype_policy("float32")
    probabilities = case.kind in {"decision", "task"}
    dtype = keras.backend.standardize_dtype(rough.dtype)
    if probabilities:  # They are compared, so they stay exact in dtype.
        assert dtype == "float32"
    rough = np.asarray(rough, "float32")
    np.testing.assert_allclose(rough, exact, atol=0.05 * np.abs(exact).max())


def _broken(inputs):
    """The inputs with garbage in every step that does not count."""
    mask = inputs["mask"]
    (name,) = set(inputs) - {"mask"}
    broken = {**inputs, name: inputs[name].copy()}
    if broken[name].dtype.kind == "i":  # An id that no table has.
        broken[name][~mask] = np.iinfo(broken[name].dtype).max
    else:
        steps = broken[name][~mask]
        garbage = np.resize([np.nan, np.inf, -1e30], len(steps))
        steps[...] = garbage.reshape((-1,) + (1,) * (steps.ndim - 1))
        broken[name][~mask] = steps
    return broken


def _assert_learns_nothing_broken(model, inputs, like):
    model.compile("sgd", loss="mse")
    loss = model.train_on_batch(inputs, np.ones_like(like))
    assert np.isfinite(loss)
    for weight in model.get_weights():
        assert np.isfinite(weight).all()


@every_masked
def test_what_lies_in_a_masked_step_changes_nothing(case):
    model, inputs = _trainable(case.model()), case.inputs()
    mask = inputs["mask"]
    assert mask.any() and np.sum(~mask) >= 3  # One for each kind of garbage.
    # What the model answers for a step that does not count means nothing.
    counts = mask if case.variant == "sequence" else np.ones(len(mask), bool)
    expected = _answer(model, inputs)
    broken = _broken(inputs)
    answer = _answer(model, broken)
    assert np.isfinite(answer).all()
    np.testing.assert_array_equal(answer[counts], expected[counts])
    _assert_learns_nothing_broken(model, broken, expected)


@every_masked
def test_where_nothing_counts_there_is_one_constant_finite_answer(case):
    model, inputs = _trainable(case.model()), case.inputs()
    nothing = {**inputs, "mask": np.zeros_like(inputs["mask"])}
    answer = _answer(model, _broken(nothing))
    assert np.isfinite(answer).all()
    np.testing.assert_allclose(
        answer, np.broadcast_to(answer[:1], answer.shape), atol=1e-6
    )
    _assert_learns_nothing_broken(model, _broken(nothing), answer)
