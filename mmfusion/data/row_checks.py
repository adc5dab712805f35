"""What every row of a table must have: an id, a group, its targets."""

from mmfusion.data.modality import BLANK, BadValue


def read_rows(table, targets, split, id, bad):
    """The id, the targets and the group of every row; tells what is bad.

    Args:
        table: `Table`.
        targets: dict of task name to target object.
        split: dict, as `check_split` gives it.
        id: str or None. The column of ids.
        bad: `BadRows`, which is told of faults, those of the table included.

    Returns:
        List of ids, dict of task name to a list of plain targets, and list of
        groups or None. What is missing or bad is None.
    """
    for row, what in table.faults.items():
        bad.add(row, what)
    ids = row_ids(table, id)
    check_ids(table, ids, id, bad)
    labels = {
        task: read_targets(table, one, bad) for task, one in targets.items()
    }
    groups = None
    if split.get("group") is not None:
        groups = read_groups(table, split["group"], bad)
    return ids, labels, groups


def row_ids(table, id):
    """The ids of a column, or the row numbers, from 0, as strings."""
    if id is None:
        return [str(row) for row in range(len(table))]
    return [str(key) for key in table.column(id)]


def check_columns(table, columns, problems):
    """Without its columns no row can be judged."""
    for column, what in table.missing_columns(columns).items():
        problems.add(what, row=1, column=column)
    problems.check()


def check_ids(table, ids, id, bad):
    """No id is empty, or that of another row."""
    if id is None:
        return
    first = {}
    for row, key in enumerate(ids):
        if row in table.faults or _tell(table, row, [id], bad):
            continue
        if not key.strip(BLANK):
            bad.add(row, "has no id; fill it in", id)
        elif key in first:
            bad.add(
                row,
                f"the id {key!r} is that of row {table.shown(first[key])}, "
                "too; make ids unique or remove the copy",
                id,
            )
        first.setdefault(key, row)


def read_targets(table, target, bad):
    """The plain values of a target; None, and a fault, where there is none."""
    values = []
    for row in range(len(table)):
        cells = {name: table.cell(row, name) for name in target.columns}
        cell = cells if len(cells) > 1 else next(iter(cells.values()))
        values.append(None)
        if row in table.faults or _tell(table, row, target.columns, bad):
            continue
        if target.is_missing(cell):
            bad.add(row, target.lacking, ",".join(target.columns))
            continue
        try:
            values[-1] = target.read(cell)
        except BadValue as error:
            for column, what in error.faults:
                bad.add(row, what, column or target.columns[0])
    return values


def read_groups(table, column, bad):
    """The cells of the group; None, and a fault, where one is empty."""
    groups = []
    for row, cell in enumerate(table.column(column)):
        text = str(cell)
        empty = not text.strip(BLANK)
        groups.append(None if empty else text)
        if row in table.faults or _tell(table, row, [column], bad):
            continue
        if empty:
            bad.add(row, "has no group; fill it in or remove the row", column)
    return groups


def _tell(table, row, columns, bad):
    """Tells what the table could not read of some cells; whether it did."""
    faults = table.faults_of(row, columns)
    for column, what in faults:
        bad.add(row, what, column)
    return bool(faults)
