"""What holds for every layer of alignment."""

import keras
import numpy as np
import pytest
from keras import tree

from tests.conformance.cases import ALIGNMENTS

every_alignment = pytest.mark.parametrize("case", ALIGNMENTS, ids=str)


def _run(layer, arguments):
    return tree.map_structure(
        keras.ops.convert_to_numpy, dict(layer(**arguments))
    )


def _assert_equal(given, expected):
    assert sorted(given) == sorted(expected)
    for name in expected:
        np.testing.assert_array_equal(given[name], expected[name])


@every_alignment
def test_key_order_does_not_matter(case):
    arguments = case.arguments()
    flipped = {
        name: dict(reversed(list(part.items())))
        for name, part in arguments.items()
    }
    layer, twin = case.create(), case.create()
    twin(**flipped)  # Built from the other order, then given the weights.
    expected = _run(layer, arguments)
    twin.set_weights(layer.get_weights())
    _assert_equal(_run(twin, flipped), expected)


@every_alignment
@pytest.mark.parametrize("value", [np.nan, np.inf, -1e30])
def test_what_lies_in_absent_rows_and_steps_changes_nothing(case, value):
    layer, arguments = case.create(), case.arguments()
    expected = _run(layer, arguments)
    embeddings = arguments["embeddings"]
    for name, mask in arguments["masks"].items():
        embeddings[name][~mask] = value
    for name, present in arguments["present"].items():
        embeddings[name][~present] = value
        # What is absent comes out as zeros.
        assert not expected[name][~present].any()
        assert expected[name][present].any()
    _assert_equal(_run(layer, arguments), expected)


@every_alignment
def test_an_absent_row_is_as_one_of_which_no_step_counts(case):
    layer, arguments = case.create(), case.arguments()
    expected = _run(layer, arguments)
    for name, present in arguments.pop("present").items():
        arguments["masks"][name] &= present[:, None]
    _assert_equal(_run(layer, arguments), expected)


@every_alignment
def test_a_missing_modality_is_reported(case):
    layer, arguments = case.create(), case.arguments()
    layer(**arguments)
    arguments["embeddings"].pop("text")
    with pytest.raises(ValueError, match=r"\['audio', 'image', 'text'\]"):
        layer(**arguments)
