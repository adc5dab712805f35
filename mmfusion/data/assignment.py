"""Which row of a table is in which split: its column says, or a draw."""

import collections

from mmfusion.data.splits import ALIASES, NAMES, draw, part_of


def assign(
    table,
    split,
    ids,
    labels,
    targets,
    groups,
    seed,
    problems,
    said,
    skipped,
    mended=(),
):
    """The split of each row of a table.

    Args:
        table: `Table`.
        split: dict, as `check_split` gives it.
        ids: list of the id of each row.
        labels: dict of task name to the plain target of each row.
        targets: dict of task name to target object.
        groups: list of the group of each row, or None.
        seed: int.
        problems: `Problems`, which is told what is wrong.
        said: list of what `column_names` gave.
        skipped: set of rows that are in no split.
        mended: those of them that are told as problems, and are in one once
            they are mended.

    Returns:
        List of `"train"`, `"validation"`, `"test"` or None, one a row.
    """
    names = [
        None if row in skipped else name or "train"
        for row, name in enumerate(said)
    ]
    task = next(iter(labels))
    fractions = {name: split.get(name) for name in NAMES[1:]}
    if "validation" in names:
        fractions["validation"] = None
    open_rows = [row for row, name in enumerate(names) if name == "train"]
    if any(fractions.values()) and open_rows:
        strata = targets[task].strata([labels[task][row] for row in open_rows])
        drawn, faults = draw(
            [ids[row] for row in open_rows],
            fractions,
            strata,
            groups and [groups[row] for row in open_rows],
            seed,
            targets[task].exclusive,
        )
        for row, name in zip(open_rows, drawn, strict=True):
            names[row] = name
        for what in faults:
            place = ",".join(targets[task].columns)
            problems.add(what, column=split["group"] if groups else place)
    later = any(said[row] in (None, "train") for row in mended)
    if "train" not in names and not later:
        fix = "change it"
        if skipped:
            bad = f"{len(skipped)} bad row{'s' * (len(skipped) > 1)}"
            fix = f"correct what is wrong with {bad}"
        problems.add(
            f"leaves no row to train on; {fix}", column=split.get("column")
        )
    if groups is not None and split.get("column") is not None:
        _check_groups(table, split["group"], groups, names, problems)
    if not problems:
        _check_targets(table, targets, labels, names, problems)
    return names


def _check_targets(table, targets, labels, names, problems):
    for task, target in targets.items():
        column = ",".join(target.columns)
        for what, row in target.faults(labels[task], names):
            source, line = (None, None) if row is None else table.place(row)
            problems.add(what, row=line, column=column, source=source)


def column_names(table, column, bad):
    """What a column says of the split of each row; None where it does not.

    Args:
        table: `Table`.
        column: str or None.
        bad: `BadRows`, which is told of what is no split.
    """
    if column is None:
        return [None] * len(table)
    names = []
    for row, cell in enumerate(table.column(column)):
        name = part_of(cell)
        if name is None and row not in table.faults:
            what = f"{cell!r} is no split; write one of {', '.join(ALIASES)}"
            bad.add(row, table.cell_faults.get((row, column), what), column)
        names.append(name)
    return names


def _check_groups(table, column, groups, names, problems):
    sides = collections.defaultdict(dict)
    for row, (group, name) in enumerate(zip(groups, names, strict=True)):
        if name is not None:
            sides[group].setdefault(name, row)
    for group, found in sides.items():
        if len(found) > 1:
            rows = ", ".join(
                f"{name} (row {table.shown(at)})" for name, at in found.items()
            )
            source, line = table.place(max(found.values()))
            problems.add(
                f"the group {group!r} is on several sides: {rows}; give all "
                "its rows one split",
                row=line,
                column=column,
                source=source,
            )
