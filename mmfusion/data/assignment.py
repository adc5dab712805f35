"""Which row of a table is in which split: its column says, or a draw."""

import collections

from mmfusion.data import targets as labelling
from mmfusion.data.splits import ALIASES, NAMES, draw


def assign(table, split, ids, labels, target, groups, seed, problems):
    """The split of each row of a table.

    Args:
        table: `Table`.
        split: dict, as `check_split` gives it.
        ids: list of the id of each row.
        labels: dict of task name to the label of each row.
        target: dict of task name to its column, for messages.
        groups: list of the group of each row, or None.
        seed: int.
        problems: `Problems`, which is told what is wrong. Where it knows of
            something before, nothing is drawn.

    Returns:
        List of `"train"`, `"validation"` or `"test"`, one a row.
    """
    column = split.get("column")
    names = ["train"] * len(table)
    if column is not None:
        names = _column_names(table, column, problems)
    if problems:
        return names  # Nothing is drawn from rows that are about to change.
    task, first = next(iter(labels.items()))
    fractions = {name: split.get(name) for name in NAMES[1:]}
    if "validation" in names:
        fractions["validation"] = None
    open_rows = [row for row, name in enumerate(names) if name == "train"]
    if any(fractions.values()):
        drawn, faults = draw(
            [ids[row] for row in open_rows],
            fractions,
            [first[row] for row in open_rows],
            groups and [groups[row] for row in open_rows],
            seed,
        )
        for row, name in zip(open_rows, drawn, strict=True):
            names[row] = name
        for what in faults:
            place = target[task] if groups is None else split["group"]
            problems.add(what, column=place)
    if "train" not in names:
        problems.add("leaves no row to train on; change it", column=column)
    if groups is not None and column is not None:
        _check_groups(table, split["group"], groups, names, problems)
    if not problems:
        for task, given in labels.items():
            faults = labelling.faults_of_classes(given, names)
            for what, row in faults:
                line = None if row is None else table.lines[row]
                problems.add(what, row=line, column=target[task])
    return names


def _column_names(table, column, problems):
    names = []
    for row, cell in enumerate(table.column(column)):
        name = ALIASES.get(cell)
        if name is None and row not in table.faults:
            problems.add(
                f"{cell!r} is no split; write one of {', '.join(ALIASES)}",
                row=table.lines[row],
                column=column,
            )
        names.append(name or "train")
    return names


def _check_groups(table, column, groups, names, problems):
    sides = collections.defaultdict(dict)
    for row, (group, name) in enumerate(zip(groups, names, strict=True)):
        sides[group].setdefault(name, table.lines[row])
    for group, found in sides.items():
        if len(found) > 1:
            rows = ", ".join(
                f"{name} (row {line})" for name, line in found.items()
            )
            problems.add(
                f"the group {group!r} is on several sides: {rows}; give all "
                "its rows one split",
                row=max(found.values()),
                column=column,
            )
