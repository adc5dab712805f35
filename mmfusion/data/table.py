"""Reads a CSV file strictly: strings only, and no row changes its place."""

import codecs
import csv
import io
import pathlib
import threading

from mmfusion import checks
from mmfusion.data.problems import Problems

# The size limit of the csv module is one for the whole process.
_LIMIT = threading.Lock()


class Table:
    """Rows of strings under named columns, each with its line in the file.

    Attributes:
        source: str. The file, as the user named it.
        root: `pathlib.Path`. The folder that paths in the table start from.
        columns: tuple of str.
        rows: list of tuples of str, one cell a column (of anything, where the
            table was not read from a file).
        lines: list of int. Where each row begins, as an editor shows it.
        faults: dict of row index to what is wrong with the whole row, whose
            cells are then empty.
    """

    def __init__(self, source, root, columns, rows, lines, faults=None):
        self.source = str(source)
        self.root = pathlib.Path(root)
        self.columns = tuple(columns)
        self.rows = rows
        self.lines = lines
        self.faults = faults or {}
        self.notes = []
        self.split_column = None
        self._places = {name: at for at, name in enumerate(self.columns)}

    def __len__(self):
        return len(self.rows)

    def place(self, row):
        """The file and the line of a row."""
        return self.source, self.lines[row]

    def root_of(self, row):
        """The folder that paths in a row start from."""
        return self.root

    def cell(self, row, column):
        """The text in one cell."""
        return self.rows[row][self._places[column]]

    def column(self, column):
        """The texts of one column, in order."""
        at = self._places[column]
        return [row[at] for row in self.rows]

    def missing_columns(self, columns):
        """What to say of each wanted column that is not there."""
        return {
            name: str(checks.unknown("column", name, self.columns))
            for name in columns
            if name not in self._places
        }


def read_table(path):
    """Reads a CSV file.

    UTF-8 with or without a byte order mark, commas, a header, quotes as in
    RFC 4180. Every cell stays the string that it is (`007`, `NA`, `nan`);
    only an empty one means that there is no value. A row with too few or too
    many cells keeps its place and is noted in `Table.faults`.

    Args:
        path: str or path.

    Returns:
        `Table`.

    Raises:
        DataError: If the file cannot be read as a table.
    """
    problems = Problems(path)
    text = _decode(_read_bytes(path, problems), problems)
    records = _records(text, problems)
    if not records:
        problems.add("is empty; it needs a header and rows")
    problems.check()
    (_, header), *records = records
    _check_header(header, problems)
    while records and not records[-1][1]:
        records.pop()  # Empty lines at the end are no rows.
    if not records:
        problems.add("has a header and no rows; add rows")
    problems.check()
    rows, faults = [], {}
    for at, (_, cells) in enumerate(records):
        if len(cells) != len(header):
            faults[at] = _wrong_count(len(cells), len(header))
            cells = [""] * len(header)
        rows.append(tuple(cells))
    lines = [line for line, _ in records]
    root = pathlib.Path(path).parent
    return Table(path, root, header, rows, lines, faults)


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


def _read_bytes(path, problems):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        problems.add(f"cannot be read: {error.strerror}; correct the path")
    except ValueError as error:  # A NUL in the path.
        problems.add(f"cannot be read: {error}; correct the path")
    return problems.check()


def _decode(data, problems):
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Lone carriage returns are lines, too; `\r\n` is one.
        before = data[: error.start].replace(b"\r\n", b"\n")
        line = before.count(b"\n") + before.count(b"\r") + 1
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        guess = "UTF-16" if utf16 else "Windows-1252 or Latin-1"
        problems.add(
            f"is not UTF-8 (byte 0x{data[error.start]:02x}); it may be "
            f"{guess}: save it as UTF-8",
            row=1 if utf16 else line,
        )
    return problems.check()


def _records(text, problems):
    """`(line, cells)` of each record, the header first."""
    records, line = [], 1
    with _LIMIT:
        limit = csv.field_size_limit(2**31 - 1)
        try:
            # strict: a quote in the wrong place is an error, not a guess.
            reader = csv.reader(io.StringIO(text, newline=""), strict=True)
            for cells in reader:
                records.append((line, cells))
                line = reader.line_num + 1  # Quoted cells span lines.
        except csv.Error as error:
            problems.add(
                f"has a record that cannot be read ({error}); check that "
                "its quotes are closed, and doubled inside quotes",
                row=line,
            )
            problems.check()
        finally:
            csv.field_size_limit(limit)
    return records


def _check_header(header, problems):
    if not header:
        problems.add("has no header; put one in the first line", row=1)
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            problems.add(
                f"the header has this column {header.count(name)} times; "
                "give each column its own name",
                row=1,
                column=name,
            )
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        problems.add(
            "the header is one column; separate columns by commas", row=1
        )


def _wrong_count(found, expected):
    if not found:
        return "the line is empty; remove it"
    few = "few" if found < expected else "many"
    return (
        f"too {few} fields, {found} where the header has {expected}; add or "
        "remove commas, or put a text with commas in quotes"
    )
