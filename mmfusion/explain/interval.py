"""Confidence intervals of a mean over rows that come in units."""

import dataclasses

import numpy as np

from mmfusion import checks
from mmfusion.errors import ArgumentError

_CELLS = 4_000_000  # Counts drawn at once: 32 MB, whatever the data's size.
_KINDS = 1000  # From here on drawing units costs less than drawing counts.


@dataclasses.dataclass(frozen=True)
class Interval:
    """A mean with the ends of its interval.

    Attributes:
        value: float. The mean over all rows.
        low: float. Lower end of the interval.
        high: float. Upper end of the interval.
    """

    value: float
    low: float
    high: float

    def to_dict(self) -> dict:
        """Plain values that JSON can hold."""
        return dataclasses.asdict(self)


def bootstrap_means(values, groups=None, resamples=2000, seed=0):
    """Means of bootstrap samples that draw whole units, with replacement.

    Rows of one recording, speaker or product resemble each other, so that a
    sample of rows would look more certain than it is. Here the units are drawn,
    each with all its rows:

        mean_b = sum_u c_bu s_u / sum_u c_bu n_u,  c_b ~ Multinomial(U, 1/U)

    where `s_u` is the sum and `n_u` the number of rows of unit `u`. Units with
    equal `(s_u, n_u)` are drawn together: their joint count is multinomial too,
    which makes a large split of single rows as cheap as a small one. Where
    nearly all differ, as errors do, the units themselves are drawn.

    Args:
        values: array-like `(rows,)`, numbers or bools.
        groups: array-like `(rows,)`, which unit a row belongs to. Defaults to
            each row being a unit of its own.
        resamples: int. Number of bootstrap samples.
        seed: int. The same seed gives the same samples.

    Returns:
        Float array `(resamples,)`.

    Raises:
        ArgumentError: If there are no rows, a value is not finite, or `groups`
            has another length.

    Example:

    >>> means = bootstrap_means([1, 1, 0, 0], groups=["a", "a", "b", "b"])
    >>> sorted(set(means.tolist()))
    [0.0, 0.5, 1.0]

    Reference:
        - [Field and Welsh, Bootstrapping clustered data, J. R. Statist. Soc. B
          69, 2007](https://pdfslide.us/documents/bootstrapping-clustered-data.html):
          the "cluster bootstrap"; a mean over rows is a ratio of two sums here,
          because units may differ in size.
    """
    checks.check_positive("bootstrap_means", resamples=resamples)
    totals, sizes = _units(values, groups)
    kinds, times = np.unique(
        np.stack([totals, sizes], axis=1), axis=0, return_counts=True
    )
    units = int(times.sum())
    rng = np.random.default_rng(seed)
    means = np.empty(resamples)
    few = len(kinds) <= _KINDS
    step = max(1, _CELLS // (len(kinds) if few else units))
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        if few:
            counts = rng.multinomial(units, times / units, size=stop - start)
            sums = counts @ kinds  # (samples, 2): sum of values, number of rows
            total, size = sums[:, 0], sums[:, 1]
        else:
            drawn = rng.integers(0, units, size=(stop - start, units))
            total, size = totals[drawn].sum(1), sizes[drawn].sum(1)
        means[start:stop] = total / size
    return means


def percentile_interval(means, value, level=0.95) -> Interval:
    """The interval that holds the middle `level` of the bootstrap means.

    Args:
        means: array `(resamples,)` from `bootstrap_means`.
        value: float. The mean itself, which the interval is about.
        level: float between 0 and 1.
    """
    checks.check_range("percentile_interval", "level", level, 0.0, 1.0)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return Interval(float(value), float(low), float(high))


def bootstrap_interval(
    values, groups=None, level=0.95, resamples=2000, seed=0
) -> Interval:
    """Mean of `values` and its percentile interval, clustered by `groups`.

    For a difference of two models on the same rows, give the differences: the
    interval is then a paired one. With few units (below about 20) a percentile
    interval is too narrow; with one it has no width at all.

    Args:
        values: array-like `(rows,)`, numbers or bools.
        groups: array-like `(rows,)`, which unit a row belongs to. Defaults to
            each row being a unit of its own.
        level: float between 0 and 1.
        resamples: int. Number of bootstrap samples.
        seed: int. The same seed gives the same interval.

    Returns:
        `Interval` with `.value`, `.low` and `.high`.

    Example:

    >>> right = [True] * 80 + [False] * 20
    >>> interval = bootstrap_interval(right)
    >>> interval.value, round(interval.low, 2), round(interval.high, 2)
    (0.8, 0.72, 0.88)
    """
    means = bootstrap_means(values, groups, resamples, seed)
    value = np.mean(np.asarray(values, dtype="float64"))
    return percentile_interval(means, value, level)


def count_units(rows, groups=None) -> int:
    """How many units there are: distinct groups, or else rows."""
    return rows if groups is None else len(np.unique(_keys(groups)))


def _units(values, groups):
    """Sum and number of rows of each unit, both float `(units,)`."""
    values = np.asarray(values, dtype="float64").reshape(-1)
    if not len(values) or not np.all(np.isfinite(values)):
        raise ArgumentError(
            "`bootstrap_means` expects one finite value a row, and rows. "
            f"Received: {len(values)} rows, "
            f"{int(np.sum(~np.isfinite(values)))} of them not finite."
        )
    if groups is None:
        return values, np.ones_like(values)
    keys = _keys(groups)
    if len(keys) != len(values):
        raise ArgumentError(
            "`bootstrap_means` expects one group a row. "
            f"Received: {len(keys)} groups, {len(values)} rows."
        )
    _, unit = np.unique(keys, return_inverse=True)
    return (
        np.bincount(unit, weights=values),
        np.bincount(unit).astype("float64"),
    )


def _keys(groups):
    groups = np.asarray(groups).reshape(-1)
    # Objects of several types have no order; their text has one.
    return groups.astype(str) if groups.dtype == object else groups
