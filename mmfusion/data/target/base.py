"""What every target promises: a cell in, what a task learns from out."""

from mmfusion import checks
from mmfusion.data.modality import BLANK
from mmfusion.errors import ArgumentError


class Target:
    """One target of a data set: where it stands, and what a task makes of it.

    A subclass reads a cell (`read`), learns from all that were read what the
    task has to know (`adapt`), and gives arrays (`encode`) and arguments of
    the task (`arguments`).

    Args:
        columns: tuple of str. The columns of a table it reads.

    Attributes:
        task: str. Name of the task that learns it.
        dtype: str. Of what `encode` gives.
        exclusive: bool. Whether a row has one label and no other.
        classes: list of classes, in order; empty for numbers.
        lacking: str. What to say of a cell that has no value.
    """

    task = ""
    dtype = "float32"
    exclusive = True
    lacking = "has no label; fill it in or remove the row"

    def __init__(self, columns=()):
        self.columns = tuple(columns)
        self.classes = []

    @property
    def column(self):
        """The column, a list of several, or None where there is none."""
        if len(self.columns) > 1:
            return list(self.columns)
        return self.columns[0] if self.columns else None

    def is_missing(self, value) -> bool:
        """Whether there is no value: None, or an empty cell."""
        if isinstance(value, dict):
            return all(self.is_missing(cell) for cell in value.values())
        return value is None or (
            isinstance(value, str) and not value.strip(BLANK)
        )

    def read(self, value):
        """The plain value of a cell, of a dict of cells if there are several.

        Raises:
            BadValue: If it is none.
        """
        raise NotImplementedError

    def adapt(self, values):
        """Learns from the plain values of all splits; None is skipped."""

    def adapt_training(self, values):
        """Learns from those of the training split; None is skipped."""

    def encode(self, values):
        """An array with one row for each plain value; None has a filler."""
        raise NotImplementedError

    def arguments(self) -> dict:
        """The arguments of the task, but for its name."""
        raise NotImplementedError

    def strata(self, values):
        """What is drawn alike into each split: the labels of each row.

        Returns:
            List of tuples, or None where there is nothing to draw alike.
        """
        return None

    def faults(self, values, names):
        """What cannot be learned, as `(what, row or None)`.

        Args:
            values: list of plain values, None where there is none.
            names: list of the split of each row, None where it is in none.
        """
        return []

    def summary(self, values, names):
        """What there is in each split, for people.

        Args:
            values: list of plain values, None where there is none.
            names: list of the split of each row, None where it is in none.

        Returns:
            List of `(what, dict of split to str)`.
        """
        return []

    def warn(self, task, values, names):
        """Warns of what can be learned badly."""


def column_name(who, column):
    """One optional column name as a tuple."""
    if column is None:
        return ()
    if not isinstance(column, str) or not column:
        raise ArgumentError(
            f"`{who}` expects `column` to be the name of a column. "
            f"Received: {column!r}."
        )
    return (column,)


def check_names(targets):
    """The names of targets are names of tasks."""
    for name in targets:
        checks.check_task_name(name)
