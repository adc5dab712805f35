"""Reads JSON Lines strictly: one object a line, each keeps its place."""

import collections
import json
import math
import pathlib

from mmfusion import registry
from mmfusion.data.modality import BLANK, BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.tables.format import Format
from mmfusion.data.tables.kinds import common, kind_of
from mmfusion.data.tables.plain import plain
from mmfusion.data.tables.table import Table
from mmfusion.data.tables.text_file import read_text


def read_json_lines(path, allow_outside_root=False):
    """Reads a file with one JSON object in each line.

    UTF-8 with or without a byte order mark. Columns are the keys of all
    objects, in the order in which they appear; null, or no such key, is an
    empty cell. A value is a string, a number, true or false, or a list of
    such. A line that is anything else, or has a value of another type than
    its column had before, keeps its place and is noted in `Table.faults`.

    Args:
        path: str or path. Of a gzip file, if it ends in `.gz`.
        allow_outside_root: bool. Of no concern here.

    Returns:
        `Table`.

    Raises:
        DataError: If the file cannot be read, or no line of it.
    """
    problems = Problems(path)
    lines = read_text(path, problems).split("\n")
    while lines and not lines[-1].strip(BLANK):
        lines.pop()  # Empty lines at the end are no rows.
    if not lines:
        problems.add("is empty; it needs rows, a JSON object in each line")
    problems.check()
    objects, faults, types = [], {}, _Types()
    for at, line in enumerate(lines):
        try:
            found = _parse(line)
            types.check(found, at + 1)
        except BadValue as error:
            found, faults[at] = {}, str(error)
        objects.append(found)
    if len(faults) == len(lines):
        for at, what in faults.items():
            problems.add(what, row=at + 1)
    columns = dict.fromkeys(name for found in objects for name in found)
    if not columns:
        problems.add("has no columns; give its objects keys")
    problems.check()
    rows = [tuple(found.get(name, "") for name in columns) for found in objects]
    numbers = list(range(1, len(rows) + 1))
    root = pathlib.Path(path).parent
    return Table(path, root, columns, rows, numbers, faults)


registry.register("table", "jsonl")(
    Format(read_json_lines, (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"))
)


class _Types:
    """The type of each column, and the line that set it."""

    def __init__(self):
        self._known = {}

    def check(self, cells, line):
        """Raises `BadValue` where a cell is not of the type of its column."""
        kinds = {name: _kind(name, cell) for name, cell in cells.items()}
        for name, kind in kinds.items():
            known, since = self._known.get(name, (kind, line))
            if kind and not common(known, kind):
                raise BadValue(
                    f"the type of {name!r} changes: a {kind} here, a {known} "
                    f"in line {since}",
                    "give the column one type (a number has no quotes)",
                )
        for name, kind in kinds.items():
            if kind:
                known, since = self._known.get(name, (kind, line))
                self._known[name] = common(known, kind), since


def _kind(name, cell):
    try:
        return kind_of(cell)
    except ValueError as error:
        raise BadValue(f"{name!r} {error}", "give them one type") from error


def _parse(line):
    """A line as a dict of plain cells."""
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
    return {name: _cell(name, value) for name, value in found.items()}


def _cell(name, value):
    try:
        return plain(value)
    except BadValue as error:
        raise BadValue(f"{name!r} {error}") from error


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
