"""Rows of two splits as one, and parts of a data set put together."""

import dataclasses

import numpy as np

from mmfusion.data.column import Column
from mmfusion.data.split import Split
from mmfusion.errors import ArgumentError


@dataclasses.dataclass(frozen=True)
class Parts:
    """What a training needs of a data set.

    Attributes:
        train: a split.
        validation: a split, or None.
    """

    train: object
    validation: object = None

    @property
    def inputs(self):
        """The modality objects, by name."""
        return self.train.inputs

    def only(self, modalities):
        """The same rows with some of their modalities."""
        held = self.validation and self.validation.only(modalities)
        return Parts(self.train.only(modalities), held)


def join(first, second, targets):
    """The rows of one split, then those of another, with targets of their own.

    Args:
        first: `Split` with targets; name, order and classes are those of it.
        second: `Split` of the same modalities. Its ids are written after its
            name, `unlabelled.csv:17`.
        targets: dict of target name to `(rows of second,)` class numbers.

    Returns:
        `Split`, which copies the values of both.

    Raises:
        ArgumentError: If modalities or targets differ.
    """
    if set(first.inputs) != set(second.inputs):
        raise ArgumentError(
            "`join` expects splits of the same modalities. Received: "
            f"{sorted(first.inputs)} and {sorted(second.inputs)}."
        )
    if set(first.targets) != set(targets):
        raise ArgumentError(
            f"`join` expects targets {sorted(first.targets)}. "
            f"Received: {sorted(targets)}."
        )
    columns = {}
    for name, column in first.columns.items():
        both = [(column, first.places), (second.columns[name], second.places)]
        columns[name] = Column(
            column.modality,
            _Sources([(part.source, places) for part, places in both]),
            np.concatenate([part.rows(part.values, at) for part, at in both]),
            np.concatenate([part.present[at] for part, at in both]),
            None
            if column.mask is None
            else np.concatenate(
                [part.rows(part.mask, at) for part, at in both]
            ),
        )
    return Split(
        first.name,
        columns,
        np.arange(len(first) + len(second)),
        [*first.ids(), *(f"{second.name}:{key}" for key in second.ids())],
        {
            name: np.concatenate([y, np.asarray(targets[name], y.dtype)])
            for name, y in first.targets.items()
        },
        first.classes,
        status=[*first.status, *second.status],
        seed=first.seed,
        errors=[*first.errors, *second.errors],
    )


class _Sources:
    """Raw values of rows that are in several places."""

    def __init__(self, parts):
        self.rows = [(source, row) for source, rows in parts for row in rows]

    def __len__(self):
        return len(self.rows)

    def value(self, row):
        source, place = self.rows[row]
        return source.value(int(place))
