"""Reads rows with targets: finds every fault, and splits the rows."""

from mmfusion import checks
from mmfusion.data.assignment import assign, column_names
from mmfusion.data.bad_rows import POLICIES, BadRows
from mmfusion.data.cache import Cache
from mmfusion.data.column import read_columns
from mmfusion.data.container import Data
from mmfusion.data.leakage import warn_of_shared_files
from mmfusion.data.modality_checks import check_modalities
from mmfusion.data.problems import Problems
from mmfusion.data.row_checks import check_columns, read_rows
from mmfusion.data.source import TableSource
from mmfusion.data.splits import check_split
from mmfusion.data.target import resolve_targets
from mmfusion.errors import ArgumentError


def read_labelled(
    table,
    inputs,
    target,
    split=None,
    id=None,
    seed=0,
    bad_rows="error",
    allow_outside_root=False,
    cache=None,
):
    """Reads the values and targets of a table; `mmfusion.data.read` says how.

    Args:
        table: `Table`, or a function without arguments that gives one, called
            when the other arguments are known to be in order.
        inputs, target, split, id, seed, bad_rows, allow_outside_root, cache:
            as `read` takes them.

    Returns:
        `Data`.
    """
    check_plain_arguments("read", id, seed, bad_rows, allow_outside_root)
    given = {} if split is None else split
    split = check_split(split)
    cache = None if cache is None else Cache(cache)
    targets = resolve_targets(target)
    check_inputs(inputs, targets)
    table = table() if callable(table) else table
    split = with_own_splits(table, split, given)
    problems = Problems(table.source)
    check_columns(table, wanted(inputs, targets, split, id), problems)
    optional = [name for name, m in inputs.items() if m.optional]
    bad = BadRows(table, bad_rows, optional)
    ids, labels, groups = read_rows(table, targets, split, id, bad)
    names, training = [], []

    def report(name, row, column, what, reason):
        if row not in table.faults:
            column = column or ",".join(inputs[name].columns)
            bad.add(row, what, column, name)

    def settle():
        """Once all is read: what is wrong, and which rows train."""
        said = column_names(table, split.get("column"), bad)
        held = {
            row: n for row, n in enumerate(said) if n not in (None, "train")
        }
        bad.settle(held, problems)
        problems.check()
        names[:] = assign(
            table, split, ids, labels, targets, groups, seed, problems,
            said, bad.skipped,
        )  # fmt: skip
        if "train" not in names:
            bad.tell_skipped(problems)
        problems.check()
        training[:] = [row for row, name in enumerate(names) if name == "train"]

    def settle_again():
        """What only shows once the modalities have adapted."""
        held = {
            row: n for row, n in enumerate(names) if n not in (None, "train")
        }
        bad.settle(held, problems)
        problems.check()
        for row in bad.skipped:
            names[row] = None

    sources = {
        name: TableSource(table, modality, allow_outside_root)
        for name, modality in inputs.items()
    }

    def refuse(name, what):
        problems.add(what, column=",".join(inputs[name].columns))

    columns = read_columns(
        sources, report, training, settle, settle_again, refuse, cache
    )
    shown = [table.shown(row) for row in range(len(table))]
    warn_of_shared_files(columns, names, shown)
    for task, one in targets.items():
        one.warn(task, labels[task], names)
    return Data(
        columns,
        names,
        ids,
        labels,
        targets,
        groups,
        split.get("group") or "row",
        seed=seed,
        id_column=id,
        allow_outside_root=allow_outside_root,
        notes=[
            *table.notes,
            *unused(table, inputs, targets, split, id),
            *untaught({n: c.present for n, c in columns.items()}, names),
            *bad.notes,
        ],
        skipped=bad.skipped_lines,
        masked=bad.masked_lines,
    )


def untaught(present, names):
    """What to say of inputs that no row of training has.

    Args:
        present: dict of modality name to a bool for each row.
        names: list of the split of each row.

    Returns:
        List of str.
    """
    return [
        f"{modality}: no row of training has a value; its encoder will learn "
        "nothing. Look at the column, or leave the input out"
        for modality, there in present.items()
        if "train" in names
        and not any(
            x for x, n in zip(there, names, strict=True) if n == "train"
        )
    ]


def with_own_splits(table, split, given):
    """The split, which the table says itself if it has files for each.

    Args:
        table: `Table`.
        split: dict, as `check_split` gives it.
        given: dict, the same without defaults.
    """
    own = table.split_column
    if own is None or set(table.column(own)) <= {"train", ""}:
        return split
    if "test" in given:
        raise ArgumentError(
            f"`{table.source}` comes in splits of its own; only `validation` "
            f"can be made from its training rows. Received: {split!r}."
        )
    made = {k: v for k, v in split.items() if k in ("validation", "group")}
    return {**made, "column": split.get("column", own)}


def check_plain_arguments(who, id, seed, bad_rows, allow_outside_root):
    """The arguments of `read` that are checked alike wherever they are."""
    checks.check_choice(who, "bad_rows", bad_rows, POLICIES)
    checks.check_seed(who, seed, bits=63)
    checks.check_column(who, "id", id)
    checks.check_flag(who, allow_outside_root=allow_outside_root)


def check_inputs(inputs, targets):
    """Modality objects that say what they read, and none of the answers."""
    check_modalities(inputs)
    for name, modality in inputs.items():
        if not modality.columns:
            raise ArgumentError(
                f"`inputs` expects the modality {name!r} to say what it "
                "reads. Pass `column=` to it."
            )
        for task, one in targets.items():
            for column in set(one.columns) & set(modality.columns):
                raise ArgumentError(
                    f"The column {column!r} is the target {task!r} and an "
                    f"input of {name!r}: the answer would be given away. "
                    "Remove it from one of them."
                )


def wanted(inputs, targets, split, id):
    """The columns that are read, in any order."""
    read = [c for modality in inputs.values() for c in modality.columns]
    read += [c for one in targets.values() for c in one.columns]
    read += [id, split.get("column"), split.get("group")]
    return [column for column in read if column is not None]


def unused(table, inputs, targets, split, id):
    """A note for each column that nothing reads."""
    read = wanted(inputs, targets, split, id)
    return [
        f"{table.source}: the column {column!r} is not used"
        for column in table.columns
        if column not in read
    ]
