import numpy as np
import pytest
from scipy import stats

from mmfusion.errors import ArgumentError
from mmfusion.explain import bootstrap_interval, bootstrap_means, interval


def test_rows_agree_with_scipy():
    right = np.random.default_rng(0).random(400) < 0.8
    ours = bootstrap_interval(right, resamples=20000)
    theirs = stats.bootstrap(
        (right.astype(float),),
        np.mean,
        method="percentile",
        n_resamples=20000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    assert ours.value == right.mean()
    np.testing.assert_allclose(
        [ours.low, ours.high], [theirs.low, theirs.high], atol=0.003
    )


def test_clusters_agree_with_a_loop_over_drawn_units():
    rng = np.random.default_rng(0)
    sizes = rng.integers(1, 30, size=25)  # Units differ in size and in rate.
    groups = np.repeat(np.arange(25), sizes)
    right = rng.random(len(groups)) < np.repeat(rng.random(25), sizes)
    loop = []
    for _ in range(4000):
        drawn = rng.integers(25, size=25)
        loop.append(np.concatenate([right[groups == u] for u in drawn]).mean())
    ours = bootstrap_interval(right, groups, resamples=20000)
    expected = np.quantile(loop, [0.025, 0.975])
    np.testing.assert_allclose([ours.low, ours.high], expected, atol=0.012)
    # Rows taken one by one would look far more certain than they are.
    rows = bootstrap_interval(right, resamples=20000)
    assert rows.high - rows.low < 0.7 * (ours.high - ours.low)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    hits = 0
    for trial in range(300):
        rates = rng.beta(4, 1, size=60)  # Mean 0.8.
        right = rng.random((60, 5)) < rates[:, None]
        groups = np.repeat(np.arange(60), 5)
        found = bootstrap_interval(
            right.reshape(-1), groups, resamples=500, seed=trial
        )
        hits += found.low <= 0.8 <= found.high
    # 0.95 less a little for 60 units, and four standard errors of 0.0126.
    assert 0.88 <= hits / 300 <= 0.99


def test_a_group_of_each_row_is_no_group():
    values = np.random.default_rng(0).normal(size=50)
    np.testing.assert_array_equal(
        bootstrap_means(values, np.arange(50)), bootstrap_means(values)
    )


def test_many_different_units_are_drawn_in_pieces():
    values = np.random.default_rng(0).normal(size=9000)  # 9000 * 2000 counts.
    means = bootstrap_means(values)
    assert abs(means.std() - values.std() / np.sqrt(9000)) < 0.001


def test_the_seed_decides():
    values = np.arange(30) % 2
    first, again = (
        bootstrap_means(values, seed=1),
        bootstrap_means(values, seed=1),
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, bootstrap_means(values, seed=2))


def test_groups_may_be_objects_of_several_types():
    groups = np.array(["a", 1, "a", None], dtype=object)
    assert bootstrap_interval([1, 1, 1, 1], groups).value == 1.0


@pytest.mark.parametrize(
    ("values", "groups", "message"),
    [
        ([], None, "0 rows"),
        ([1.0, np.nan], None, "1 of them not finite"),
        ([1.0, 0.0], ["a"], "1 groups, 2 rows"),
    ],
)
def test_bad_rows_are_refused(values, groups, message):
    with pytest.raises(ArgumentError, match=message):
        bootstrap_interval(values, groups)


@pytest.mark.parametrize("most", [1, 4])
def test_units_that_all_differ_are_drawn_alike(most, monkeypatch):
    """Two ways to draw the same samples; the second for many kinds."""
    random = np.random.default_rng(0)
    sizes = random.integers(1, most + 1, 1500)
    groups = np.repeat(np.arange(1500), sizes)
    level = np.repeat(random.gamma(2.0, size=1500), sizes)
    values = level + random.normal(size=len(groups))
    drawn = bootstrap_means(values, groups, resamples=500)
    monkeypatch.setattr(interval, "_KINDS", 10_000)
    counted = bootstrap_means(values, groups, resamples=500)
    sums = np.bincount(groups, weights=values - values.mean())
    error = np.sqrt(np.square(sums).sum()) / len(values)
    for means in (drawn, counted):
        assert abs(means.mean() - values.mean()) < 4 * error / np.sqrt(500)
        assert means.std() == pytest.approx(error, rel=0.12)
    assert not np.array_equal(drawn, counted)
