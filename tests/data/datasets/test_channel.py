import itertools

import numpy as np
import pytest

from mmfusion.data.datasets import channel
from mmfusion.data.datasets.shapes import CHANNELS, CLASSES


def _tables():
    return {
        "a": channel.channel([0, 1, 1], 0.1),
        "b": channel.channel([0, 0, 1], 0.2),
    }


def test_posterior_by_hand():
    found = channel.posterior(
        _tables(),
        {"a": np.array([1, 1, 0]), "b": np.array([0, 0, 0])},
        {
            "a": np.array([True, False, False]),
            "b": np.array([True, True, False]),
        },
    )
    # Both: 0.1 * 0.8, 0.9 * 0.8, 0.9 * 0.2. Then b alone, then nothing.
    both = np.array([0.08, 0.72, 0.18])
    np.testing.assert_allclose(found[0], both / both.sum())
    np.testing.assert_allclose(found[1], np.array([0.8, 0.8, 0.2]) / 1.8)
    np.testing.assert_allclose(found[2], np.full(3, 1 / 3))


@pytest.mark.parametrize("name", [*sorted(CHANNELS), "fused"])
def test_ceiling_is_that_of_brute_force(name):
    """Every combination of symbols, each as often as it comes up."""
    names = sorted(CHANNELS)
    combinations = np.array(list(itertools.product(range(4), repeat=3)))
    often, best = [], []
    for combination in combinations:
        joint = np.ones(len(CLASSES)) / len(CLASSES)
        for modality, symbol in zip(names, combination, strict=True):
            joint = joint * CHANNELS[modality][:, symbol]
        often.append(joint.sum())
        kept = [
            (modality, symbol)
            for modality, symbol in zip(names, combination, strict=True)
            if name in (modality, "fused")
        ]
        # Counted out: of all classes that could have led here, the likeliest.
        ways = [
            np.prod(
                [CHANNELS[modality][c, symbol] for modality, symbol in kept]
            )
            for c in range(len(CLASSES))
        ]
        best.append(max(ways) / sum(ways))
    expected = np.dot(often, best)

    rows = np.repeat(np.arange(64), np.round(np.array(often) * 1e6).astype(int))
    symbols = {m: combinations[rows, i] for i, m in enumerate(names)}
    present = {m: np.ones(len(rows), bool) for m in names}
    found = channel.ceilings(CHANNELS, symbols, present)[name]
    assert found == pytest.approx(expected, abs=1e-5)


def test_ceiling_counts_what_is_absent_as_a_guess():
    found = channel.ceilings(
        _tables(),
        {"a": np.array([0, 0]), "b": np.array([0, 0])},
        {"a": np.array([True, False]), "b": np.array([True, True])},
    )
    # a shows 0: 0.9 / 1.1; b shows 0: 0.8 / 1.8; both: 0.72 / 0.82.
    assert found["a"] == pytest.approx((0.9 / 1.1 + 1 / 3) / 2)
    assert found["b"] == pytest.approx(0.8 / 1.8)
    assert found["fused"] == pytest.approx((0.72 / 0.82 + 0.8 / 1.8) / 2)


def test_modalities_are_poor_alone_and_rich_together():
    symbols = np.array(list(itertools.product(range(4), repeat=3)))
    weight = np.ones((len(symbols), len(CLASSES))) / len(CLASSES)
    for place, name in enumerate(sorted(CHANNELS)):
        weight *= CHANNELS[name][:, symbols[:, place]].T
        alone = CHANNELS[name].max(axis=0).sum() / len(CLASSES)
        assert 0.6 <= alone <= 0.75, name
    assert weight.max(axis=1).sum() >= 0.95


def test_no_two_classes_share_two_symbols():
    strongest = np.array([t.argmax(axis=1) for t in CHANNELS.values()])
    for one, other in itertools.combinations(range(len(CLASSES)), 2):
        assert (strongest[:, one] == strongest[:, other]).sum() <= 1


def test_dealing_hits_the_shares_within_one():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        dealt = channel.deal([0.7, 0.25, 0.05], 101, rng)
        counts = np.bincount(dealt, minlength=3)
        assert np.all(np.abs(counts - [70.7, 25.25, 5.05]) < 1)


def test_dealing_gives_each_row_its_probabilities():
    rng = np.random.default_rng(0)
    first = [channel.deal([0.7, 0.3], 3, rng)[0] for _ in range(4000)]
    assert np.mean(first) == pytest.approx(0.3, abs=0.03)


def test_symbols_of_modalities_are_independent_given_the_class():
    rng = np.random.default_rng(0)
    labels = np.zeros(20000, "int64")
    table = np.array([[0.5, 0.5]])
    one, other = (channel.deal_symbols(table, labels, rng) for _ in range(2))
    assert np.mean(one == other) == pytest.approx(0.5, abs=0.02)
