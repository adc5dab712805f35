"""Rows under named columns, each with the place that it comes from."""

import pathlib

from mmfusion import checks

# The column that says the split of each row, where the layout of files does.
SPLIT = "split"


class Table:
    """Rows of cells under named columns, each with its line in its file.

    A cell is a str, int, float, bool, bytes, array or list of such; `""` is
    the only one that is empty. What is read from text is str throughout.

    Attributes:
        source: str. The file or folder, as the user named it.
        root: `pathlib.Path`. The folder that paths in the table start from.
            (A table of several files has several: see `root_of`.)
        columns: tuple of str.
        rows: list of tuples, one cell a column.
        lines: list of int. Where each row begins in its file, as an editor
            shows it; its number, from 1, where there are no lines.
        faults: dict of row index to what is wrong with the whole row, whose
            cells are then empty.
        cell_faults: dict of `(row index, column)` to what is wrong with one
            cell, which is then empty. It is told where the column is read.
        notes: list of str. What a user should know and is no fault.
        unreadable: dict of column to what it holds and cannot be a cell; it
            is in the file and not in `columns`.
        split_column: str or None. The column of the split of each row, where
            the layout of files makes one.

    Example:

    >>> table = Table("ages.csv", ".", ["age"], [("7",), ("",)], lines=[2, 3])
    >>> table.cell(0, "age"), table.place(1)
    ('7', ('ages.csv', 3))
    """

    def __init__(
        self,
        source,
        root,
        columns,
        rows,
        lines,
        faults=None,
        notes=(),
        unreadable=None,
        origins=None,
        split_column=None,
        cell_faults=None,
    ):
        self.source = str(source)
        self.root = pathlib.Path(root)
        self.columns = tuple(columns)
        self.rows = rows
        self.lines = lines
        self.faults = faults or {}
        self.cell_faults = cell_faults or {}
        self.notes = list(notes)
        self.unreadable = unreadable or {}
        self.split_column = split_column
        # `(source, root)` of each row, where they differ.
        self.origins = origins
        self._places = {name: at for at, name in enumerate(self.columns)}

    def __len__(self):
        return len(self.rows)

    def cell(self, row, column):
        """What is in one cell."""
        return self.rows[row][self._places[column]]

    def column(self, column):
        """The cells of one column, in order."""
        at = self._places[column]
        return [row[at] for row in self.rows]

    def faults_of(self, row, columns):
        """`(column, what is wrong)` of the faulty cells of a row."""
        if not self.cell_faults:
            return []
        pairs = ((name, self.cell_faults.get((row, name))) for name in columns)
        return [(name, what) for name, what in pairs if what]

    def origin(self, row):
        """The file of a row and the folder that its paths start from."""
        return self.origins[row] if self.origins else (self.source, self.root)

    def place(self, row):
        """The file of a row, as the user named it, and the line in it."""
        return self.origin(row)[0], self.lines[row]

    def shown(self, row):
        """The line of a row, for people; with its file if it has one."""
        source, line = self.place(row)
        return f"{source}:{line}" if self.origins else line

    def root_of(self, row):
        """The folder that paths in this row start from."""
        return self.origin(row)[1]

    def missing_columns(self, columns):
        """What to say of each wanted column that is not there."""
        return {
            name: self.unreadable.get(name)
            or str(checks.unknown("column", name, self.columns))
            for name in columns
            if name not in self._places
        }


def table_of(rows, columns=(), source="rows", root="."):
    """A table from dicts of column to value, for data that is in memory.

    Values stay what they are; one that is None, or not there, is an empty
    cell. Rows are counted from 1, there being no header.

    Example:

    >>> table = table_of([{"a": "x", "b": 1}, {"a": "y"}])
    >>> table.rows
    [('x', 1), ('y', '')]
    """
    given = [name for row in rows for name in row]
    columns = list(dict.fromkeys([*columns, *given]))
    cells = [
        tuple("" if row.get(name) is None else row[name] for name in columns)
        for row in rows
    ]
    lines = list(range(1, len(cells) + 1))
    return Table(source, root, columns, cells, lines)
