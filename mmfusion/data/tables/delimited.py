"""Reads CSV and TSV files strictly: strings only, no row changes its place."""

import collections
import csv
import functools
import io
import pathlib
import threading

from mmfusion import registry
from mmfusion.data.problems import Problems
from mmfusion.data.tables.format import Format
from mmfusion.data.tables.table import Table
from mmfusion.data.tables.text_file import not_utf8, read_text

# The size limit of the csv module is one for the whole process.
_LIMIT = threading.Lock()
_NAMES = {",": "commas", "\t": "tabs", ";": "semicolons"}


def read_delimited(path, allow_outside_root=False, *, delimiter=","):
    """Reads a file of lines whose cells are separated by one character.

    UTF-8 with or without a byte order mark, a header, quotes as in RFC 4180.
    Every cell stays the string that it is (`007`, `NA`, `nan`); only an empty
    one means that there is no value. A row with too few or too many cells, or
    with bytes that are not UTF-8, keeps its place and is noted in
    `Table.faults`.

    Args:
        path: str or path. Of a gzip file, if it ends in `.gz`.
        allow_outside_root: bool. Of no concern here.
        delimiter: str. One character.

    Returns:
        `Table`.

    Raises:
        DataError: If the file cannot be read as a table.
    """
    problems = Problems(path)
    text, spoiled = read_text(path, problems)
    records = _records(text, delimiter, problems)
    if not records:
        problems.add("is empty; it needs a header and rows")
    problems.check()
    (_, header), *records = records
    if spoiled and (what := not_utf8("".join(header))):
        problems.add(what, row=1)
        problems.check()
    _check_header(header, delimiter, problems)
    while records and not records[-1][1]:
        records.pop()  # Empty lines at the end are no rows.
    if not records:
        problems.add("has a header and no rows; add rows")
    problems.check()
    rows, faults = [], {}
    for at, (_, cells) in enumerate(records):
        if spoiled and (what := not_utf8("".join(cells))):
            faults[at] = what
            cells = [""] * len(header)
        elif len(cells) != len(header):
            faults[at] = _wrong_count(len(cells), len(header), delimiter)
            cells = [""] * len(header)
        rows.append(tuple(cells))
    lines = [line for line, _ in records]
    root = pathlib.Path(path).parent
    return Table(path, root, header, rows, lines, faults)


registry.register("table", "csv")(Format(read_delimited, (".csv", ".csv.gz")))
registry.register("table", "tsv")(
    Format(
        functools.partial(read_delimited, delimiter="\t"),
        (".tsv", ".tab", ".tsv.gz", ".tab.gz"),
    )
)


def _records(text, delimiter, problems):
    """`(line, cells)` of each record, the header first."""
    records, line = [], 1
    with _LIMIT:
        limit = csv.field_size_limit(2**31 - 1)
        try:
            # strict: a quote in the wrong place is an error, not a guess.
            reader = csv.reader(
                io.StringIO(text, newline=""), strict=True, delimiter=delimiter
            )
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


def _check_header(header, delimiter, problems):
    if not header:
        problems.add("has no header; put one in the first line", row=1)
    check_names(header, problems)
    if len(header) == 1 and any(c in header[0] for c in _NAMES):
        hint = ", or name it .tsv" if "\t" in header[0] else ""
        problems.add(
            "the header is one column; separate columns by "
            f"{_NAMES[delimiter]}{hint}",
            row=1,
        )


def check_names(header, problems):
    """No two columns have one name."""
    for name, count in collections.Counter(header).items():
        if count > 1:
            problems.add(
                f"the header has this column {count} times; "
                "give each column its own name",
                row=1,
                column=name,
            )


def _wrong_count(found, expected, delimiter):
    if not found:
        return "the line is empty; remove it"
    few = "few" if found < expected else "many"
    between = _NAMES[delimiter]
    return (
        f"too {few} fields, {found} where the header has {expected}; add or "
        f"remove {between}, or put a text with {between} in quotes"
    )
