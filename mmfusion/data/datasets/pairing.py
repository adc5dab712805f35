"""Recordings meet images of the same digit, each image once."""

import numpy as np

from mmfusion.errors import DataError


def meet(digits, times, rng):
    """The recording of each row, when every recording comes `times` times.

    Round after round of all recordings, each round in an order of its own, so
    that any stretch of rows holds many digits.

    Args:
        digits: int array `(recordings,)`.
        times: int, rows for each recording.
        rng: `numpy.random.Generator`.

    Returns:
        Int array `(recordings * times,)`, indices into `digits`.

    Example:

    >>> rows = meet(np.array([7, 3]), 2, np.random.default_rng(0))
    >>> sorted(rows[:2].tolist()), sorted(rows[2:].tolist())
    ([0, 1], [0, 1])
    """
    rounds = [rng.permutation(len(digits)) for _ in range(times)]
    return np.concatenate(rounds)


def images_for(digits, labels, rng):
    """An image of the right digit for each row, no image twice.

    Args:
        digits: int array `(rows,)`, the digit that each row needs.
        labels: int array `(images,)`, the digit that each image shows.
        rng: `numpy.random.Generator`.

    Returns:
        Int array `(rows,)`, indices into `labels`.

    Raises:
        DataError: If a digit has fewer images than rows.

    Example:

    >>> rng = np.random.default_rng(0)
    >>> images_for(np.array([7, 3]), np.array([3, 5, 7]), rng).tolist()
    [2, 0]
    """
    chosen = np.empty(len(digits), "int64")
    for digit in np.unique(digits):
        rows = np.flatnonzero(digits == digit)
        pool = rng.permutation(np.flatnonzero(labels == digit))
        if len(pool) < len(rows):
            raise DataError(
                f"{len(rows)} rows need different images of the digit {digit}. "
                f"Received: {len(pool)} images. Take fewer speakers."
            )
        chosen[rows] = pool[: len(rows)]
    return chosen
