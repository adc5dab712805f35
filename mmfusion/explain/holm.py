"""P-values of bootstrap differences, and their correction for number."""

import numpy as np


def bootstrap_p_value(means, units):
    """Two-sided p-value for a difference of zero, from its bootstrap means.

    It is the percentile interval turned round: p <= 0.05 where the 95 %
    interval leaves zero out,

        p = 2 min(1 + #{mean <= 0}, 1 + #{mean >= 0}) / (1 + resamples)

    but never below `2 ** (1 - units)`, the least that flipping the signs of so
    many units could show: three units that agree prove nothing, although no
    bootstrap sample of them disagrees.

    Args:
        means: float array `(resamples,)` of differences.
        units: int. How many units the samples were drawn from.

    Returns:
        float in (0, 1].

    Example:

    >>> means = np.ones(999)
    >>> bootstrap_p_value(means, units=100), bootstrap_p_value(means, units=3)
    (0.002, 0.25)
    """
    means = np.asarray(means)
    tail = 1 + min(np.sum(means <= 0), np.sum(means >= 0))
    p = 2.0 * tail / (1 + len(means))
    return float(min(1.0, max(p, 2.0 ** (1 - units))))


def holm(p_values):
    """Holm's adjusted p-values: several claims, one risk of a false one.

    Sorted upwards, the i-th of k p-values is multiplied by (k - i + 1) and
    never falls below the one before. Rejecting where the result is at most `a`
    keeps the chance of any false rejection at most `a`, however the tests
    depend on each other.

    Args:
        p_values: dict of name to float.

    Returns:
        dict of name to float, in the same order.

    Example:

    >>> holm({"image": 0.01, "sound": 0.04, "text": 0.03})
    {'image': 0.03, 'sound': 0.06, 'text': 0.06}

    Reference:
        - [Holm, A Simple Sequentially Rejective Multiple Test Procedure,
          1979](https://xodn348.github.io/llm-wiki/paper/10_2307_4615733/).
    """
    adjusted, floor = {}, 0.0
    for rank, name in enumerate(sorted(p_values, key=p_values.get)):
        floor = max(floor, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = floor
    return {name: adjusted[name] for name in p_values}
