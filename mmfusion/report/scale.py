"""Axes: round ticks, and where a value falls between two ends."""

import math


def ticks(low, high, count=5) -> list:
    """About `count` round numbers that reach from `low` to `high`.

    Example:

    >>> ticks(0.0, 2.3)
    [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    """
    if not high > low:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / count
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(
        size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough * 0.999
    )
    # A hair's breadth, so that 0.3 / 0.1 = 2.9999999999999996 counts as 3.
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(step * i, 12) for i in range(first, last + 1)]


def whole_ticks(last, count=6) -> list:
    """At most about `count` whole numbers from 1 to `last`, both among them.

    Example:

    >>> whole_ticks(4), whole_ticks(20)
    ([1, 2, 3, 4], [1, 4, 8, 12, 16, 20])
    """
    step = max(1, math.ceil(last / count))
    inner = [i for i in range(step, last, step) if last - i >= step / 2]
    return sorted({1, *inner, last})


def share_ticks(values) -> list:
    """Ticks of an axis for shares: round, within 0 and 1, ending at 1."""
    low = min(values)
    first = 0.0 if low < 0.45 else math.floor(low * 10 - 0.2) / 10
    step = 0.2 if first < 0.45 else 0.1 if first < 0.85 else 0.02
    count = round((1.0 - first) / step)
    return [round(1.0 - step * i, 6) for i in range(count, -1, -1)]


def score_ticks(values, shares=True) -> list:
    """Ticks of an axis for scores, each with its text.

    Args:
        values: numbers that the axis must hold.
        shares: bool. Whether they are shares; else their axis begins at zero
            where that is not far away.

    Example:

    >>> score_ticks([1.2, 3.0], shares=False)[::3]
    [(0.0, '0'), (3.0, '3')]
    """
    if shares:
        return [(at, f"{100 * at:g} %") for at in share_ticks(values)]
    low, high = min(values), max(values)
    low = 0.0 if 0 <= low < 0.6 * high else low
    return [(at, f"{at:,g}") for at in ticks(low, high)]


def place(value, low, high) -> float:
    """Where `value` lies, 0 at `low` and 1 at `high`."""
    return (value - low) / (high - low)
