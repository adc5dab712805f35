"""Every decision is its formula, over what is present, in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

import mmfusion as mm
from tests.conformance.cases import DECISIONS
from tests.decision import formulas

# `stacked` is compared, weight for weight, with a model written by hand.
COVERED = [case for case in DECISIONS if hasattr(formulas, case.name)]
NAMES = ("audio", "image", "text")


def _rows():
    """All ways to be present, twice: 14 rows that have something."""
    random = np.random.default_rng(0)
    flags = np.array([[i >> m & 1 for m in range(3)] for i in range(1, 8)] * 2)
    p = random.dirichlet([0.5] * 3, size=(3, len(flags))).astype("float32")
    present = dict(zip(NAMES, flags.T.astype("bool"), strict=True))
    return dict(zip(NAMES, p, strict=True)), present


def _layer(case):
    layer = case.create()
    layer(*_rows())
    random = np.random.default_rng(1)
    for weight in layer.trainable_weights:
        weight.assign(random.normal(size=weight.shape))
    return layer


@pytest.mark.parametrize("case", COVERED, ids=str)
def test_it_is_the_formula(case):
    layer, (p, present) = _layer(case), _rows()
    found = ops.convert_to_numpy(layer(p, present=present))
    weights = {w.name: ops.convert_to_numpy(w) for w in layer.weights}
    for row in range(len(found)):
        here = {
            name: p[name][row].astype("float64")
            for name in NAMES
            if present[name][row]
        }
        expected = getattr(formulas, case.name)(layer, weights, here)
        np.testing.assert_allclose(
            found[row], expected, rtol=2e-4, atol=1e-6, err_msg=f"row {row}"
        )


def test_all_but_stacked_have_a_formula():
    names = {case.name for case in DECISIONS}
    assert names - {case.name for case in COVERED} == {"stacked"}


@pytest.mark.parametrize("name", ["vote", "argmax"])
def test_a_hard_choice_learns_as_the_mean_does(name):
    """What has no gradient is left out of training, and only there."""
    hard = next(case for case in DECISIONS if case.name == name).create()
    mean = mm.decision.AverageDecision()
    p, present = _rows()
    soft = [
        ops.convert_to_numpy(d(p, present=present, training=True))
        for d in (hard, mean)
    ]
    np.testing.assert_array_equal(*soft)
    calm = ops.convert_to_numpy(hard(p, present=present))
    assert not np.allclose(calm, soft[1])


def test_a_modality_that_is_always_right_gets_the_weight():
    random = np.random.default_rng(0)
    y = np.arange(200) % 2
    sure = np.eye(2)[y] * 0.8 + 0.1
    noise = random.dirichlet([1, 1], size=200)
    inputs = {name: keras.Input((2,), name=name) for name in ("a", "b")}
    layer = mm.decision.WeightedDecision()
    model = keras.Model(inputs, layer(inputs))
    model.compile(
        keras.optimizers.Adam(0.1), loss="sparse_categorical_crossentropy"
    )
    model.fit({"a": noise, "b": sure}, y, epochs=20, verbose=0)
    a, b = ops.convert_to_numpy(ops.softmax(layer.scores))
    assert b > 0.9 > a
