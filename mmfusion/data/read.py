"""Reads a table once, finds every fault in it, and splits it."""

from mmfusion import checks
from mmfusion.data import targets as labelling
from mmfusion.data.assignment import assign
from mmfusion.data.column import read_columns
from mmfusion.data.container import Data
from mmfusion.data.leakage import warn_of_shared_files
from mmfusion.data.modality import BLANK
from mmfusion.data.problems import Problems
from mmfusion.data.source import TableSource
from mmfusion.data.splits import check_split
from mmfusion.data.tables import read_table
from mmfusion.data.targets import warn_of_imbalance
from mmfusion.data.unlabelled import row_ids
from mmfusion.errors import ArgumentError


def read_csv(
    path,
    inputs,
    target,
    split=None,
    id=None,
    seed=0,
    bad_rows="error",
    allow_outside_root=False,
):
    """Reads a CSV file and the files it names, all of them, before training.

    Cells are strings; only an empty one means that there is no value: `NA`
    and `nan` are words, `007` stays `007`. In an optional modality an empty
    cell is an absent value, elsewhere it is a fault. All faults are found
    before one error lists them. No row is dropped, moved or made up.

    Args:
        path: str or path. UTF-8, commas, a header. Paths in it are relative
            to its folder.
        inputs: dict of modality name to modality object with its column.
            Those that learn from values (a vocabulary, ...) are adapted, to
            the training split only.
        target: str, the column of the labels, which are then the task
            `"label"`; or dict of task name to column.
        split: dict. `"validation"` and `"test"` are fractions of the rows,
            drawn from each class of the first target alike, or by whole
            groups where `"group"` names a column. `"column"` names a column
            that says `train`, `validation` (or `val`, `dev`) or `test`
            instead; if it has no validation rows, `"validation"` is the
            fraction of the training rows to make some of. Defaults to
            `{"validation": 0.1, "test": 0.2}`; `{}` trains on all rows.
        id: str. The column that names each row. Defaults to None: the number
            of the row, from 0.
        seed: int. Of the split, which depends on ids and not on the order of
            the rows, and of the order of the batches.
        bad_rows: str. `"error"` is all there is.
        allow_outside_root: bool. Whether paths may leave the table's folder.

    Returns:
        `Data`.

    Raises:
        DataError: If there is any fault; `problems` has all of them as
            `file:row:column: what; how to fix`, row being the line in the
            file.
        ArgumentError: If an argument does not fit.
    """
    checks.check_choice("read_csv", "bad_rows", bad_rows, ("error",))
    checks.check_seed("read_csv", seed, bits=63)
    split = check_split(split)
    if isinstance(target, str):
        target = {"label": target}
    _check_kinds(target, id)
    labelling.check_names(target)
    _check_inputs(inputs, target)
    table = read_table(path)
    problems = Problems(path)
    _check_columns(table, inputs, target, split, id, problems)
    for row, what in table.faults.items():
        problems.add(what, row=table.lines[row])
    ids = row_ids(table, id)
    _check_ids(table, ids, id, problems)
    labels = {
        task: _cells(table, column, "label", problems)
        for task, column in target.items()
    }
    groups = None
    if split.get("group") is not None:
        groups = _cells(table, split["group"], "group", problems)
    names = assign(table, split, ids, labels, target, groups, seed, problems)

    def report(name, row, column, what):
        if row not in table.faults:
            column = column or ",".join(inputs[name].columns)
            problems.add(what, row=table.lines[row], column=column)

    sources = {
        name: TableSource(table, modality, allow_outside_root)
        for name, modality in inputs.items()
    }
    training = [row for row, name in enumerate(names) if name == "train"]
    columns = read_columns(sources, report, training, problems.check)
    warn_of_shared_files(columns, names, table.lines)
    for task, given in labels.items():
        warn_of_imbalance(task, given, names)
    return Data(
        columns,
        names,
        ids,
        labels,
        target,
        groups,
        split.get("group") or "row",
        seed=seed,
        id_column=id,
        allow_outside_root=allow_outside_root,
        notes=_unused(table, inputs, target, split, id),
    )


def _check_kinds(target, id):
    if not isinstance(target, dict) or not all(
        isinstance(column, str) for column in target.values()
    ):
        raise ArgumentError(
            "`target` expects a column, or a dict of task name to column. "
            f"Received: {target!r}."
        )
    if id is not None and not isinstance(id, str):
        raise ArgumentError(f"`id` expects a column. Received: {id!r}.")


def _check_inputs(inputs, target):
    if not isinstance(inputs, dict) or not inputs:
        raise ArgumentError(
            "`inputs` expects a dict of modality name to modality object. "
            f"Received: {inputs!r}."
        )
    if not target:
        raise ArgumentError("`target` expects a column, or a dict of them.")
    for name, modality in inputs.items():
        checks.check_modality_name(name)
        if not modality.columns:
            raise ArgumentError(
                f"`inputs` expects the modality {name!r} to say what it "
                "reads. Pass `column=` to it."
            )
        for task, column in target.items():
            if column in modality.columns:
                raise ArgumentError(
                    f"The column {column!r} is the target {task!r} and an "
                    f"input of {name!r}: the answer would be given away. "
                    "Remove it from one of them."
                )


def _wanted(inputs, target, split, id):
    wanted = [c for modality in inputs.values() for c in modality.columns]
    wanted += [*target.values(), id, split.get("column"), split.get("group")]
    return [column for column in wanted if column is not None]


def _check_columns(table, inputs, target, split, id, problems):
    wanted = _wanted(inputs, target, split, id)
    for column, what in table.missing_columns(wanted).items():
        problems.add(what, row=1, column=column)
    problems.check()  # Without them no row can be judged.


def _unused(table, inputs, target, split, id):
    wanted = _wanted(inputs, target, split, id)
    return [
        f"{table.source}: the column {column!r} is not used"
        for column in table.columns
        if column not in wanted
    ]


def _check_ids(table, ids, id, problems):
    if id is None:
        return
    first = {}
    for row, key in enumerate(ids):
        if row in table.faults:
            continue
        line = table.lines[row]
        if not key.strip(BLANK):
            problems.add("has no id; fill it in", row=line, column=id)
        elif key in first:
            problems.add(
                f"the id {key!r} is that of row {first[key]}, too; make ids "
                "unique or remove the copy",
                row=line,
                column=id,
            )
        first.setdefault(key, line)


def _cells(table, column, what, problems):
    """The cells of a column; None, and a fault, where one is empty."""
    cells = [c if c.strip(BLANK) else None for c in table.column(column)]
    for row, cell in enumerate(cells):
        if cell is None and row not in table.faults:
            problems.add(
                f"has no {what}; fill it in or remove the row",
                row=table.lines[row],
                column=column,
            )
    return cells
