"""Typed cells: one type for a column, that of most, and tables of such."""

import collections
import pathlib

from mmfusion.data.modality import BadValue
from mmfusion.data.tables.kinds import common, kind_of
from mmfusion.data.tables.plain import plain
from mmfusion.data.tables.table import Table

# The kind of what no cell can hold.
_UNFIT = "unfit"


def typed(values):
    """The cells of one column, of the type that most of its values have.

    Args:
        values: dict of row, from 0, to a value of any type. A row is a line.

    Returns:
        Dict of row to cell; dict of row to what is wrong with its value, for
        those that have no cell; and None, or what the column holds if most
        of it is nothing for a cell. Of as many the first decides.

    Example:

    >>> cells, faults, _ = typed({0: "1", 1: 2, 2: 3})
    >>> cells, list(faults)
    ({1: 2, 2: 3}, [0])
    >>> typed({0: {"a": 1}})[2]
    'holds an object (names and values); give its parts columns of their own'
    """
    cells, kinds, faults = _read_all(values)
    known = _usual(kinds.values())
    if known == _UNFIT:
        return {}, {}, next(iter(faults.values()))
    for row, kind in kinds.items():
        if kind not in (None, _UNFIT) and not common(known, kind):
            since = next(row for row in kinds if kinds[row] == known)
            faults[row] = (
                f"is a {kind} here, a {known} in line {since + 1}; give the "
                "column one type (a number has no quotes)"
            )
            del cells[row]
    return cells, faults, None


def untyped(values):
    """The cells of one column, each of the type that it has.

    Args:
        values: as `typed` takes them.

    Returns:
        Dict of row to cell, and dict of row to what is wrong with its value,
        for those that have no cell.

    Example:

    >>> cells, faults = untyped({0: "1", 1: 2, 2: [1, "2"]})
    >>> cells, list(faults)
    ({0: '1', 1: 2}, [2])
    """
    cells, _, faults = _read_all(values)
    return cells, faults


def table_of_file(path, columns, rows, faults, unreadable, cell_faults=None):
    """The table of a file that has no header, so rows are counted from 1.

    Args:
        path: str or path. Paths in it start from its folder.
        columns: names, in order.
        rows: list of tuples, one cell a column.
        faults: dict of row to what is wrong with it.
        unreadable: dict of column to what it holds; a note tells each.
        cell_faults: dict of row and column to what is wrong with a cell.

    Returns:
        `Table`.
    """
    return Table(
        path,
        pathlib.Path(path).parent,
        columns,
        rows,
        list(range(1, len(rows) + 1)),
        faults,
        [f"{path}: {name!r} {what}" for name, what in unreadable.items()],
        unreadable,
        cell_faults=cell_faults,
    )


def _read_all(values):
    """Cells, kinds and faults by row."""
    cells, kinds, faults = {}, {}, {}
    for row, value in values.items():
        try:
            cells[row], kinds[row] = _read(value)
        except BadValue as error:
            kinds[row], faults[row] = _UNFIT, str(error)
    return cells, kinds, faults


def _read(value):
    cell = plain(value)
    try:
        return cell, kind_of(cell)
    except ValueError as error:
        raise BadValue(str(error), "give them one type") from error


def _usual(kinds):
    """The kind that most are of; an empty list is one of each list."""
    counts = collections.Counter(kind for kind in kinds if kind)

    def count(kind):
        return sum(n for k, n in counts.items() if common(k, kind) == kind)

    return max(counts, key=count, default=None)
