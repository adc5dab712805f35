"""Reads JSON Lines strictly: one object a line, each keeps its place."""

import collections
import functools
import json
import math

from mmfusion import registry
from mmfusion.data.modality import BLANK, BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.tables.format import Format
from mmfusion.data.tables.text_file import not_utf8, read_text
from mmfusion.data.tables.typed import table_of_file, typed, untyped


def read_json_lines(path, allow_outside_root=False, *, by_row=False):
    """Reads a file with one JSON object in each line.

    UTF-8 with or without a byte order mark. Columns are the keys of all
    objects, in the order in which they appear; null, or no such key, is an
    empty cell. A value is a string, a number, true or false, or a list of
    such. A line that is no object keeps its place and is in `Table.faults`.
    The type of a column is that of most of its values: one of another is in
    `Table.cell_faults`, and a column that mostly holds what is nothing for a
    cell in `Table.unreadable`.

    Args:
        path: str or path. Of a gzip file, if it ends in `.gz`.
        allow_outside_root: bool. Of no concern here.
        by_row: bool. Whether no line is judged by what others hold: columns
            have no type, none is unreadable, and lines that are all at fault
            are a table without columns.

    Returns:
        `Table`.

    Raises:
        DataError: If the file cannot be read, or no line of it.
    """
    problems = Problems(path)
    text, spoiled = read_text(path, problems)
    lines = text.split("\n")
    while lines and not lines[-1].strip(BLANK):
        lines.pop()  # Empty lines at the end are no rows.
    if not lines:
        problems.add("is empty; it needs rows, a JSON object in each line")
    problems.check()
    values, faults = {}, {}
    for at, line in enumerate(lines):
        if spoiled and (what := not_utf8(line)):
            faults[at] = what
            continue
        try:
            for name, value in _parse(line).items():
                values.setdefault(name, {})[at] = value
        except BadValue as error:
            faults[at] = str(error)
    if by_row and len(faults) == len(lines):
        pass  # Nobody knows the columns, and every line has its answer.
    elif len(faults) == len(lines):
        for at, what in faults.items():
            problems.add(what, row=at + 1)
    elif not values:
        problems.add("has no columns; give its objects keys")
    problems.check()
    columns, unreadable, cell_faults = _columns(values, by_row)
    if not columns:
        for name, what in unreadable.items():
            problems.add(what, column=name)
    problems.check()
    rows = [
        tuple(cells.get(at, "") for cells in columns.values())
        for at in range(len(lines))
    ]
    return table_of_file(path, columns, rows, faults, unreadable, cell_faults)


registry.register("table", "jsonl")(
    Format(
        read_json_lines,
        (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"),
        read_by_row=functools.partial(read_json_lines, by_row=True),
    )
)


def _columns(values, by_row):
    """Cells by column, columns that have none, and faults by row and column."""
    columns, unreadable, cell_faults = {}, {}, {}
    for name, given in values.items():
        cells, faults, what = (
            (*untyped(given), None) if by_row else typed(given)
        )
        if what:
            unreadable[name] = what
            continue
        columns[name] = cells
        cell_faults |= {(at, name): fault for at, fault in faults.items()}
    return columns, unreadable, cell_faults


def _parse(line):
    """A line as a dict of column to value."""
    if not line.strip(BLANK):
        raise BadValue("the line is empty", "remove it")
    try:
        found = json.loads(
            line,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_number,
            parse_int=_whole,
        )
    except json.JSONDecodeError as error:
        raise BadValue(
            f"is not JSON at character {error.pos + 1} ({error.msg})",
            "write one object in each line",
        ) from error
    except RecursionError as error:
        raise BadValue("is nested too deeply", "flatten it") from error
    if not isinstance(found, dict):
        raise BadValue(
            f"holds a {type(found).__name__}, not an object",
            'write {"column": value, ...}',
        )
    if "\\u" in line:
        _check_characters(found)
    return found


def _check_characters(found):
    """Escapes can write half of a surrogate pair, which UTF-8 cannot hold."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadValue(
            "has an escape that is half of a character", "write it in UTF-8"
        ) from error


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = collections.Counter(name for name, _ in pairs)
        [(name, count)] = counts.most_common(1)
        raise BadValue(
            f"has the key {name!r} {count} times", "give each value its own"
        )
    return found


def _constant(text):
    raise BadValue(
        f"has {text}, which is not JSON",
        "write null where the number is not known",
    )


def _number(text):
    value = float(text)
    if not math.isfinite(value):
        raise _too_large(text)
    return value


def _whole(text):
    # Python refuses to convert thousands of digits, with an error of its own.
    if not math.isfinite(float(text)):
        raise _too_large(text)
    return int(text)


def _too_large(text):
    shown = text if len(text) < 20 else f"{text[:12]}... of {len(text)} digits"
    return BadValue(f"has the number {shown}, which is too large", "correct it")
