"""A pandas DataFrame as a table, without an import of pandas."""

import collections
import os

from mmfusion import checks
from mmfusion.data.modality import BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.tables.plain import plain
from mmfusion.data.tables.table import Table
from mmfusion.errors import ArgumentError

_SOURCE = "DataFrame"


def table_of_frame(frame, root="."):
    """The rows of a pandas DataFrame, in their order; its index is not read.

    What pandas takes for missing (None, NaN, NaT, NA) is an empty cell.
    Whole numbers that pandas made floats, since some are missing, stay
    floats. Dates are ISO 8601 texts, categories the values they stand for.
    Rows are counted from 1. A value that no cell can hold is in
    `Table.faults`.

    Args:
        frame: `pandas.DataFrame`, or what has its `columns`, `iloc` and
            `isna`.
        root: str or path. The folder that paths in it start from. Defaults
            to the current one.

    Returns:
        `Table`.

    Raises:
        ArgumentError: If it is no such thing.
        DataError: If it has no rows, or if its columns do not have different
            names that are texts.

    Example:

    >>> import pandas
    >>> table = table_of_frame(pandas.DataFrame({"age": [7, None]}))
    >>> len(table), [table.cell(row, "age") for row in (0, 1)]
    (2, [7.0, ''])
    """
    if not all(hasattr(frame, name) for name in ("columns", "iloc", "isna")):
        raise ArgumentError(
            "A table expects a pandas DataFrame. Received: "
            f"{type(frame).__name__}. Convert it, for example by its "
            "`to_pandas()`."
        )
    if not isinstance(root, (str, os.PathLike)):
        raise ArgumentError(
            "A table expects `root` to be the path of a folder. Received: "
            f"{checks.one_line(root)}."
        )
    problems = Problems(_SOURCE)
    columns = _columns(frame.columns, problems)
    if not len(frame):
        problems.add("has no rows; add rows")
    problems.check()
    cells, faults = [], {}
    for at, name in enumerate(columns):
        series = frame.iloc[:, at]
        pairs = zip(series.tolist(), series.isna().tolist(), strict=True)
        cells.append(
            [_cell(name, row, pair, faults) for row, pair in enumerate(pairs)]
        )
    rows = list(zip(*cells, strict=True))
    for row in faults:
        rows[row] = ("",) * len(columns)
    lines = list(range(1, len(rows) + 1))
    return Table(_SOURCE, root, columns, rows, lines, faults)


def _columns(columns, problems):
    if getattr(columns, "nlevels", 1) > 1:
        problems.add(
            f"has columns of {columns.nlevels} levels; give each one name, "
            "for example by joining the levels"
        )
        problems.check()
    names = list(columns)
    if not names:
        problems.add("has no columns; add some")
    for name, count in collections.Counter(names).items():
        if not isinstance(name, str):
            problems.add(
                f"the name of the column {name!r} is no text; rename it"
            )
        elif count > 1:
            problems.add(
                f"has this column {count} times; give each its own name",
                column=name,
            )
    return names


def _cell(name, row, pair, faults):
    value, missing = pair
    try:
        return "" if missing else plain(value)
    except BadValue as error:
        faults.setdefault(row, f"{name!r} {error}")
        return ""
