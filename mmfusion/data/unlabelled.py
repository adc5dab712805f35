"""Reads rows that wait for an answer: every one keeps its place."""

import difflib
import os
import pathlib

import numpy as np

from mmfusion import checks
from mmfusion.data.column import read_columns
from mmfusion.data.modality_checks import check_modalities
from mmfusion.data.problems import Problems, printable
from mmfusion.data.row_checks import row_ids
from mmfusion.data.source import SequenceSource, TableSource
from mmfusion.data.split import Split
from mmfusion.data.tables import Table, read_table, table_of, table_of_frame
from mmfusion.errors import ArgumentError, TableError

# The status of a row that has not the cells of the header.
MALFORMED = "malformed row"
# From here on a name is taken for another one, misspelt: `titel` for `title`,
# but not `image_id` for `image`.
_TYPO = 0.8


def read_unlabelled(source, inputs, id=None, allow_outside_root=False):
    """Reads rows without targets, for `Split.predict`.

    Args:
        source: path of a table, pandas DataFrame, list of dicts of column to
            value, or dict of modality name to array or list (one left out is
            absent, if it is optional); or a `Table` that was read before.
        inputs: dict of modality name to modality object, adapted before.
        id: str. Column of the row ids. Defaults to None, the row number.
        allow_outside_root: bool. Whether paths may leave the folder of the
            table.

    Returns:
        `Split` with a row for each row of the source. `status` is `"ok"`, or
        the reason that a served model gives, too; `errors` says it in full.

    Raises:
        DataError: If the table itself cannot be read, or lacks a column of an
            input that is not optional.
        ArgumentError: If an argument does not fit.

    Example:

    >>> from mmfusion.data import Vector
    >>> rows = read_unlabelled(
    ...     {"v": [[1.0, 2.0], [3.0]]}, {"v": Vector(dim=2, standardize=False)}
    ... )
    >>> len(rows), rows.status[0], rows.errors[1].split(",")[0]
    (2, 'ok', 'v: expects a vector of 2 numbers')
    """
    check_modalities(inputs)
    checks.check_column("read_unlabelled", "id", id)
    checks.check_flag("read_unlabelled", allow_outside_root=allow_outside_root)
    faults, labels, notes = {}, {name: name for name in inputs}, {}
    if isinstance(source, dict):
        name = "rows"
        sources, ids = _from_arrays(source, inputs)
    else:
        if isinstance(source, (str, os.PathLike)):
            table = read_table(source, allow_outside_root, by_row=True)
            name = pathlib.Path(source).name
        elif isinstance(source, Table):
            table, name = source, pathlib.Path(source.source).name
        elif hasattr(source, "iloc"):
            table, name = table_of_frame(source), "DataFrame"
        else:
            # What no row has is an empty cell, not a column that is lost.
            rows = _dicts(source)
            given = {column for row in rows for column in row}
            there = set(inputs) - set(_absent(inputs, given))
            wanted = _wanted(
                {n: m for n, m in inputs.items() if n in there}, id
            )
            _check_columns("rows", given, wanted, _wanted(inputs, id))
            table, name = table_of(rows, wanted), "rows"
        sources, ids, notes = _from_table(table, inputs, id, allow_outside_root)
        # A row whose id cannot be read has no name to answer under.
        ids_at_fault = {
            row: f"{column}: {what}"
            for (row, column), what in table.cell_faults.items()
            if column == id
        }
        faults = ids_at_fault | table.faults
        labels = {key: ",".join(m.columns) for key, m in inputs.items()}
    whole = [faults.get(row) for row in range(len(ids))]
    status = [{} if what is None else {"": MALFORMED} for what in whole]
    errors = [[] if what is None else [printable(what)] for what in whole]

    def report(name, row, column, what, reason):
        if row not in faults:
            status[row].setdefault(name, f"{name}: {reason}")
            text = printable(f"{column or labels[name]}: {what}")
            if text not in errors[row]:  # A file may feed two inputs.
                errors[row].append(text)

    columns = read_columns(sources, report)
    for key, note in notes.items():
        columns[key].notes.insert(0, note)
    return Split(
        name,
        columns,
        np.arange(len(ids)),
        ids,
        status=["; ".join(found.values()) or "ok" for found in status],
        errors=["; ".join(found) for found in errors],
    )


def _dicts(source):
    """The rows of what is neither a file nor a frame."""
    rows = list(source) if hasattr(source, "__iter__") else [source]
    for row in rows:
        if not isinstance(row, dict):
            raise ArgumentError(
                "Rows are expected as the path of a table, a DataFrame, a "
                "list of dicts of column to value, or a dict of modality name "
                f"to values. Received: {checks.one_line(source)}."
            )
    return rows


def _check_columns(source, given, lost, wanted):
    """A column may be absent, unless another one is nearly called so.

    Args:
        source: str. Where rows come from.
        given: names of the columns that there are.
        lost: names of the columns that may be absent.
        wanted: names of all that are read.
    """
    others = [str(name) for name in given if name not in wanted]
    for column in lost:
        near = difflib.get_close_matches(column, others, n=1, cutoff=_TYPO)
        if near and column not in given:
            what = (
                f"{source}: no row has the column {column!r}, but there is "
                f"{near[0]!r}; rename it, or leave it out if it is another"
            )
            raise TableError(what, [what])


def _absent(inputs, given):
    """The optional modalities that have none of their columns."""
    return [
        name
        for name, modality in inputs.items()
        if modality.optional and not set(modality.columns) & set(given)
    ]


def _wanted(inputs, id):
    wanted = [c for modality in inputs.values() for c in modality.columns]
    return wanted if id is None else [*wanted, id]


def _from_table(table, inputs, id, allow_outside_root):
    problems = Problems(table.source)
    for name, modality in inputs.items():
        if not modality.columns:
            raise ArgumentError(
                f"The modality {name!r} reads no column. Give its values as "
                "arrays: {name: values}."
            )
    if not table.columns and len(table.faults) == len(table):
        return _from_faults(table, inputs, id)
    # What is there and cannot be read is not absent.
    absent = _absent(inputs, [*table.columns, *table.unreadable])
    there = {name: m for name, m in inputs.items() if name not in absent}
    for column, what in table.missing_columns(_wanted(there, id)).items():
        problems.add(what, row=1, column=column)
    problems.check()
    sources, notes = {}, {}
    for name, modality in inputs.items():
        if name in there:
            sources[name] = TableSource(table, modality, allow_outside_root)
            continue
        columns, wanted = modality.columns, _wanted(inputs, id)
        _check_columns(table.source, table.columns, columns, wanted)
        sources[name] = SequenceSource([None] * len(table), modality)
        if len(table):
            notes[name] = printable(
                f"absent in every row: {table.source} has not the column "
                f"{_quoted(columns)}; its columns are {_quoted(table.columns)}"
            )
    return sources, row_ids(table, id), notes


def _from_faults(table, inputs, id):
    """Of rows that are all at fault nobody knows the columns."""
    none = [None] * len(table)
    sources = {name: SequenceSource(none, m) for name, m in inputs.items()}
    ids = row_ids(table, None) if id is None else [""] * len(table)
    return sources, ids, {}


def _quoted(columns):
    return ", ".join(map(repr, columns))


def _is_sequence(values):
    """Whether there is one value a row: a text is one value by itself."""
    if isinstance(values, (str, bytes, dict)) or not getattr(values, "ndim", 1):
        return False
    return hasattr(values, "__len__") and hasattr(values, "__getitem__")


def _from_arrays(values, inputs):
    for name in values:
        if name not in inputs:
            raise ArgumentError(
                f"There is no modality {name!r}. Available: {sorted(inputs)}."
            )
        if not _is_sequence(values[name]):
            raise ArgumentError(
                f"The values of {name!r} are expected as a list or array, one "
                f"a row. Received: {checks.one_line(values[name])}."
            )
    lengths = {name: len(given) for name, given in values.items()}
    if len(set(lengths.values())) != 1:
        raise ArgumentError(
            "Expected as many values of every modality, one a row. "
            f"Received: {lengths}."
        )
    rows = next(iter(lengths.values()))
    sources = {
        name: SequenceSource(values.get(name, [None] * rows), modality)
        for name, modality in inputs.items()
    }
    return sources, [str(row) for row in range(rows)]
