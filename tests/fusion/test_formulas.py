"""Every fusion is its formula, over what is present, in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.conformance.cases import FUSIONS
from tests.fusion import formulas


def _named(layer):
    return {
        weight.path.partition("/")[2]: ops.convert_to_numpy(weight).astype(
            "float64"
        )
        for weight in layer.weights
    }


def _row(arguments, row):
    """What is present in a row, without the steps that do not count."""
    x = {}
    for name, values in sorted(arguments["embeddings"].items()):
        here = arguments["present"].get(name)
        if here is not None and not here[row]:
            continue
        mask = arguments.get("masks", {}).get(name)
        x[name] = values[row] if mask is None else values[row][mask[row]]
        x[name] = x[name].astype("float64")
    return x


@pytest.mark.parametrize("case", FUSIONS, ids=str)
def test_it_is_the_formula(case):
    layer, arguments = case.create(), case.arguments()
    layer(**arguments)
    random = np.random.default_rng(5)
    for weight in layer.trainable_weights:  # No bias is zero, no scale one.
        noise = random.normal(size=weight.shape) * 0.3
        weight.assign(ops.convert_to_numpy(weight) + noise)
    given = ops.convert_to_numpy(layer(**arguments))
    names = sorted(arguments["embeddings"])
    dims = {n: v.shape[-1] for n, v in arguments["embeddings"].items()}
    formula = getattr(formulas, case.name)
    for row in range(len(given)):
        x = _row(arguments, row)
        expected = formula(layer, _named(layer), x, names, dims)
        np.testing.assert_allclose(
            given[row], expected, rtol=1e-4, atol=2e-5, err_msg=f"row {row}"
        )


def test_each_row_of_the_cases_misses_something_else():
    """One row with all, one with one modality only, which is the limit."""
    arguments = FUSIONS[0].arguments()
    found = [set(_row(arguments, row)) for row in range(4)]
    assert found == [
        {"audio", "image"},
        {"audio", "image", "text"},
        {"image"},
        {"image", "text"},
    ]


def test_dropout_of_a_product_acts_in_training_only():
    for name in ("mutan", "factorized_bilinear"):
        case = next(case for case in FUSIONS if case.name == name)
        config = {**case.create().get_config(), "dropout": 0.5}
        keras.utils.set_random_seed(0)
        layer = type(case.create()).from_config(config)
        x = case.arguments()["embeddings"]
        calm = ops.convert_to_numpy(layer(x))
        np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), calm)
        wild = ops.convert_to_numpy(layer(x, training=True))
        assert not np.allclose(wild, calm)
