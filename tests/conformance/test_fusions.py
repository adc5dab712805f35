"""What holds for every fusion and decision: absent is absent."""

import functools

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from keras import ops

from tests.conformance.cases import DECISIONS, FUSIONS
from tests.conformance.compiled import Compiled

NAMES = ("audio", "image", "text")
ROWS = 4
every_fusion = pytest.mark.parametrize("case", FUSIONS + DECISIONS, ids=str)
flags = st.lists(
    st.tuples(*[st.booleans()] * len(NAMES)), min_size=ROWS, max_size=ROWS
)
garbage = st.sampled_from(
    [np.nan, np.inf, -np.inf, 1e30, -1e30, 3.4e38, 0.0, -7.5]
)
few = hypothesis.settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)


@functools.lru_cache(maxsize=4)
def _layer(case):
    """A built layer, compiled; every test of a case only calls it."""
    return Compiled(case.layer())


def _arguments(case, present):
    arguments = case.arguments()
    arguments["present"] = {
        name: np.array([row[i] for row in present])
        for i, name in enumerate(NAMES)
    }
    return arguments


def _upstream(case):
    width = _layer(case).layer.compute_output_shape(
        {n: x.shape for n, x in case.arguments()["embeddings"].items()}
    )[-1]
    random = np.random.default_rng(0)
    return random.normal(size=(ROWS, width)).astype("float32")


@every_fusion
@few
@hypothesis.given(present=flags, value=garbage)
def test_what_is_absent_changes_neither_outcome_nor_gradient(
    case, present, value
):
    layer, upstream = _layer(case), _upstream(case)
    clean, broken = _arguments(case, present), _arguments(case, present)
    counts = dict(broken["present"])  # Of rows, or of each of their steps.
    for name, mask in broken.get("masks", {}).items():
        counts[name] = counts[name][:, None] & mask
    for name, here in counts.items():
        broken["embeddings"][name][~here] = value
    np.testing.assert_array_equal(layer(broken), layer(clean))
    expected = layer.outcome(clean, upstream)
    y, found, weights = layer.outcome(broken, upstream)
    assert np.isfinite(y).all()
    np.testing.assert_array_equal(y, expected[0])
    for name, here in counts.items():
        np.testing.assert_array_equal(found[name], expected[1][name])
        assert (found[name][~here] == 0).all()
    for gradient, other in zip(weights, expected[2], strict=True):
        np.testing.assert_array_equal(gradient, other)
        assert np.isfinite(gradient).all()
    if np.any(list(broken["present"].values())):  # The others do learn.
        assert any(np.abs(gradient).max() > 0 for gradient in found.values())


@every_fusion
@pytest.mark.variant  # The order is lost before any backend sees it.
def test_the_order_of_modalities_changes_nothing(case):
    arguments = case.arguments()
    layer = expected = None
    for order in (NAMES, NAMES[::-1], ("image", "text", "audio")):
        same = {
            key: {name: part[name] for name in order if name in part}
            for key, part in arguments.items()
        }
        # Built from that order, then given the weights of the first.
        twin = case.create()
        answer = twin(**same)
        if expected is None:
            layer, expected = twin, ops.convert_to_numpy(answer)
        twin.set_weights(layer.get_weights())
        np.testing.assert_array_equal(
            ops.convert_to_numpy(twin(**same)), expected
        )


@every_fusion
@few
@hypothesis.given(present=flags)
def test_a_row_does_not_depend_on_what_others_lack(case, present):
    layer = _layer(case)
    arguments = _arguments(case, present)
    together = layer(arguments)
    for row in range(ROWS):
        alone = {
            key: {name: x[row : row + 1] for name, x in part.items()}
            for key, part in arguments.items()
        }
        np.testing.assert_allclose(
            layer(alone)[0], together[row], rtol=1e-4, atol=1e-5
        )


@every_fusion
def test_absent_rows_differ_from_present_ones(case):
    layer, arguments = _layer(case), case.arguments()
    here = arguments["present"]
    some, everything = (
        layer(_arguments(case, rows))
        for rows in (_flags(here), [[True] * 3] * 4)
    )
    same = np.isclose(some, everything).all(axis=1)
    if case.name == "argmax":  # A class may be the same for other reasons.
        assert same[1]
    else:
        assert same.tolist() == [False, True, False, False]


def _flags(present):
    """Rows of flags in the order of `NAMES`; who is not named is there."""
    everywhere = np.ones(ROWS, bool)
    return np.stack([present.get(name, everywhere) for name in NAMES], axis=1)


@every_fusion
def test_nothing_present_gives_one_constant_finite_answer(case):
    fused = _layer(case)(_arguments(case, [[False] * 3] * ROWS))
    assert np.isfinite(fused).all()
    # To the last digit but one: processors take rows in groups, and the last
    # group may go another way.
    np.testing.assert_allclose(
        fused, np.tile(fused[:1], (ROWS, 1)), rtol=1e-6, atol=1e-7
    )


@every_fusion
def test_a_missing_modality_is_reported(case):
    layer, embeddings = _layer(case).layer, case.arguments()["embeddings"]
    embeddings.pop("text")
    with pytest.raises(ValueError, match=r"\['audio', 'image', 'text'\]"):
        layer(embeddings)
