"""Rows of like lengths in one batch, which is cut to the longest of them."""

import itertools

import numpy as np

from mmfusion import checks
from mmfusion.errors import ArgumentError

# So that a row more or less hardly changes the best boundaries, and that all
# can be tried.
_PARTS = 16


class Buckets:
    """How the rows of a split are put together, and where they are cut.

    Attributes:
        boundaries: dict of modality name to a list of int, ascending: the
            lengths that its batches may have; the longest row fits the last.
        inputs: dict of modality name to the names of the inputs that are cut.

    Args:
        boundaries: as the attribute.
        lengths: dict of modality name to int array `(rows,)`.
        inputs: as the attribute.
    """

    def __init__(self, boundaries, lengths, inputs):
        self.boundaries = boundaries
        self.inputs = inputs
        places = [
            np.searchsorted(boundaries[name], lengths[name])
            for name in sorted(boundaries)
        ]
        self._places = np.stack(places, axis=1)  # (rows, modalities)
        # By the first modality, then by the second, and so on.
        _, self.of_rows = np.unique(self._places, axis=0, return_inverse=True)
        self.of_rows = self.of_rows.reshape(-1)

    def limits(self, order, size):
        """The length of each batch: `(steps, modalities)` int64.

        Args:
            order: int array `(rows,)`, the rows in order.
            size: int. Rows of a batch.
        """
        starts = np.arange(0, len(order), size)
        places = np.maximum.reduceat(self._places[order], starts, axis=0)
        return np.stack(
            [
                np.asarray(self.boundaries[name], "int64")[place]
                for name, place in zip(
                    sorted(self.boundaries), places.T, strict=True
                )
            ],
            axis=1,
        )


def checked(given):
    """What a user gave as `buckets`, as plain values.

    Args:
        given: dict of modality name to a list of int, ascending, or to how
            many there shall be; None or empty: none.

    Returns:
        Dict of name to list or int, or None.

    Raises:
        ArgumentError: If it is something else.
    """
    if given is None:
        return None
    if not isinstance(given, dict):
        raise ArgumentError(
            "`buckets` expects a dict of modality name to a list of lengths, "
            f"or to how many there shall be. Received: {given!r}."
        )
    return {
        name: _checked(name, value) for name, value in given.items()
    } or None


def check(given, inputs):
    """Refuses what the modalities cannot have.

    Args:
        given: dict, as `checked` gives it, or None.
        inputs: dict of modality name to modality object.

    Raises:
        ArgumentError: If there is no such modality, it has no lengths, or a
            boundary is beyond its full length.
    """
    for name, value in (given or {}).items():
        if name not in inputs:
            raise checks.unknown("modality", name, inputs)
        full = full_length(inputs[name])
        if full is None:
            raise ArgumentError(
                f"`buckets` expects {name!r} to be a text of ids, or something "
                "of several steps: other rows are equally long. Received: "
                f"{type(inputs[name]).__name__}."
            )
        if not isinstance(value, int) and value[-1] > full:
            raise ArgumentError(
                f"`buckets` expects lengths of {name!r} up to {full}, which is "
                f"all it has. Received: {value}."
            )


def full_length(modality):
    """The most steps, or ids, of a value; None where all have the same."""
    if modality.steps is not None:
        return modality.steps
    return modality.shape[0] if modality.content == "ids" else None


def buckets_of(split, columns, given):
    """The `Buckets` of a split.

    Args:
        split: `Split`.
        columns: dict of modality name to `Column`.
        given: dict, as `checked` gives it.

    Raises:
        ArgumentError: As `check` does.
    """
    check(given, {name: column.modality for name, column in columns.items()})
    boundaries, lengths, inputs = {}, {}, {}
    for name, value in given.items():
        column = columns[name]
        full = full_length(column.modality)
        lengths[name] = lengths_of(column)[split.places]
        boundaries[name] = (
            least_padding(lengths[name], value, full)
            if isinstance(value, int)
            else [*value, *([full] if value[-1] < full else [])]
        )
        masked = column.mask is not None
        inputs[name] = [name, f"{name}_mask"] if masked else [name]
    return Buckets(boundaries, lengths, inputs)


def lengths_of(column):
    """Up to where each row of a column has something: `(rows,)` int64.

    Behind the last step that there is, or the last id that is no padding
    (zero); nothing at all: 0.
    """
    there = column.values != 0 if column.mask is None else column.mask
    last = there.shape[1] - np.argmax(there[:, ::-1], axis=1)
    lengths = np.where(there.any(axis=1), last, 0).astype("int64")
    return column.rows(lengths, np.arange(len(column.present)))


def least_padding(lengths, count, full):
    """The boundaries with which batches have the fewest places.

    Of all that are whole sixteenths of the full length, the best.

    Args:
        lengths: int array `(rows,)`; a row of nothing does not count.
        count: int. How many; fewer where rows are equally long.
        full: int. The full length.

    Returns:
        List of int, ascending; the longest row fits the last.

    Example:

    >>> least_padding(np.array([3, 5, 8, 20, 90]), 2, full=96)
    [24, 90]
    """
    some = lengths[lengths > 0]
    if not len(some):
        return [full]
    part = max(full // _PARTS, 1)
    rounded = np.minimum(-(-some // part) * part, full)
    ends, rows = np.unique(rounded, return_counts=True)

    def places(chosen):
        return np.sum(np.take(chosen, np.searchsorted(chosen, ends)) * rows)

    choices = itertools.combinations(
        ends[:-1].tolist(), min(count, len(ends)) - 1
    )
    return list(min(((*own, int(ends[-1])) for own in choices), key=places))


def _checked(name, value):
    number = isinstance(value, int) and not isinstance(value, bool)
    if number and value > 0:
        return value
    listed = isinstance(value, (list, tuple)) and len(value) > 0
    whole = listed and all(type(part) is int for part in value)
    before = [0, *value] if whole else ()
    if not whole or any(a >= b for a, b in zip(before, value, strict=False)):
        raise ArgumentError(
            f"`buckets` expects lengths of {name!r}, whole numbers above zero "
            "in ascending order such as [16, 32], or how many there shall be. "
            f"Received: {value!r}."
        )
    return list(value)
