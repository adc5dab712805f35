"""Is fusion worth it? The comparisons, and what they allow one to say."""

import dataclasses

import numpy as np

from mmfusion.explain.holm import bootstrap_p_value, holm
from mmfusion.explain.interval import (
    Interval,
    bootstrap_means,
    count_units,
    percentile_interval,
)
from mmfusion.explain.wording import Wording

_ACCURACY = Wording(
    "accuracy", claim="{name} answers {score} of the rows correctly"
)


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The fused model against one modality trained alone, on the same rows.

    Attributes:
        gain: `Interval` of how much better fused is than alone, in the unit
            of the score: fused minus alone, or, of errors, alone minus fused.
        p: float. Two-sided p-value for no difference.
        adjusted: float. The same, corrected for the number of comparisons.
    """

    gain: Interval
    p: float
    adjusted: float


def compare(fused, alone, groups=None, level=0.95, resamples=2000, seed=0):
    """Compares the scores of a fused model with those of single ones.

    The rows are the same, so each row gives a difference (of right answers -1,
    0 or 1) and the interval is that of the mean difference, by the clustered
    bootstrap: paired, and much narrower than two intervals side by side
    suggest. All p-values, of all outputs and modalities, are corrected together
    by Holm's method.

    Args:
        fused: dict of output to array `(rows,)` of scores, bool or float, of
            which more is better: errors are negative.
        alone: dict of output to dict of modality to such an array.
        groups: array-like `(rows,)`, the unit of each row; or None.
        level: float. Of the intervals, which are not corrected.
        resamples: int. Bootstrap samples.
        seed: int. Of the bootstrap.

    Returns:
        dict of output to dict of modality to `Comparison`.
    """
    gains, p_values = {}, {}
    for output, singles in alone.items():
        for name, right in singles.items():
            gap = np.subtract(fused[output], right, dtype="float64")
            means = bootstrap_means(gap, groups, resamples, seed)
            units = count_units(len(gap), groups)
            gains[output, name] = percentile_interval(means, gap.mean(), level)
            p_values[output, name] = bootstrap_p_value(means, units)
    adjusted = holm(p_values)
    return {
        output: {
            name: Comparison(
                gains[output, name],
                p_values[output, name],
                adjusted[output, name],
            )
            for name in singles
        }
        for output, singles in alone.items()
    }


def verdict(comparisons, level=0.95) -> str:
    """`"yes"`, `"not shown"` or `"no"`, for one output.

    "yes" where fused is shown to be better than every single modality, which
    needs no choice of a best one among them; "no" where a single modality is
    shown to be better than fused; "not shown" otherwise. Shown means an
    adjusted p-value of at most `1 - level`.

    Args:
        comparisons: dict of modality to `Comparison`.
        level: float.

    Example:

    >>> gain = Interval(0.10, 0.05, 0.15)
    >>> verdict({"image": Comparison(gain, 0.001, 0.002)})
    'yes'
    """
    if _losses(comparisons, level):
        return "no"
    shown = all(
        part.gain.value > 0 and part.adjusted <= _risk(level)
        for part in comparisons.values()
    )
    return "yes" if shown else "not shown"


def best_single(comparisons) -> str:
    """The modality over which fused gains least.

    It is chosen on the rows that are scored, which can only make the gain look
    smaller than it is, never larger.
    """
    return min(comparisons, key=lambda name: comparisons[name].gain.value)


def sentence(fused, comparisons, level=0.95, wording=_ACCURACY) -> str:
    """The verdict in one plain sentence.

    Args:
        fused: float. The fused model's score.
        comparisons: dict of modality to `Comparison`.
        level: float. Of the intervals.
        wording: `Wording` of the score. Defaults to that of the accuracy.

    Example:

    >>> gain = Interval(0.10, 0.05, 0.15)
    >>> print(sentence(0.9, {"image": Comparison(gain, 0.001, 0.002)}))
    Yes, fusion is worth it: fused answers 90.0 % of the rows correctly, 10.0
    points more than image alone, the best single modality (95 % interval 5.0
    to 15.0 points).
    """
    answer = verdict(comparisons, level)
    best = best_single(comparisons)
    losses = _losses(comparisons, level)
    if losses and best not in losses:
        best = best_single({name: comparisons[name] for name in losses})
    gain = comparisons[best].gain
    start = {
        "yes": "Yes, fusion is worth it",
        "not shown": "It is not shown that fusion is worth it",
        "no": "No, fusion is not worth it",
    }[answer]
    text = (
        f"{start}: {wording.sentence('fused', fused)}, "
        f"{wording.difference(gain.value)} than {best} alone, the best "
        f"single modality ({level * 100:g} % interval {wording.range(gain)})."
    )
    if answer == "not shown":
        unclear = [
            name
            for name, part in comparisons.items()
            if part.adjusted > _risk(level)
        ]
        text += f" The difference to {_listed(unclear)} can be chance."
    return text


def _losses(comparisons, level):
    return [
        name
        for name, part in comparisons.items()
        if part.gain.value < 0 and part.adjusted <= _risk(level)
    ]


def _risk(level):
    # 1 - 0.95 is 0.050000000000000044: rounded, so that p = 0.05 counts.
    return round(1.0 - level, 12)


def _listed(names):
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last
