"""Reads rows with labels that the modalities have not adapted to."""

import numpy as np

from mmfusion.data.bad_rows import BadRows
from mmfusion.data.problems import Problems
from mmfusion.data.row_checks import check_columns, read_targets
from mmfusion.data.split import Split
from mmfusion.data.tables import read_table
from mmfusion.data.target import resolve_targets
from mmfusion.data.unlabelled import read_unlabelled


def read_further(path, inputs, target, id=None, allow_outside_root=False):
    """Reads another table for a task of its own: the source of a transfer.

    Args:
        path: str or path of a table, as `read` takes it.
        inputs: dict of modality name to modality object, adapted before.
        target: as `read` takes it.
        id: str. Column of the row ids. Defaults to None, the row number.
        allow_outside_root: bool. Whether paths may leave the folder of the
            table.

    Returns:
        `Split` that trains, with targets, named as the file.

    Raises:
        DataError: If there is any fault; `problems` has all of them.
    """
    given = resolve_targets(target)
    table, problems = read_table(path, allow_outside_root), Problems(path)
    names = [column for one in given.values() for column in one.columns]
    check_columns(table, names, problems)
    rows = read_unlabelled(table, inputs, id, allow_outside_root)
    bad = BadRows(table, "error")
    for row, what in enumerate(rows.errors):
        if what:
            bad.add(row, what)
    targets, classes = {}, {}
    for task, one in given.items():
        values = read_targets(table, one, bad)
        one.adapt(values)
        one.adapt_training(values)
        for what, row in one.faults(values, ["train"] * len(values)):
            line = None if row is None else table.place(row)[1]
            problems.add(what, row=line, column=",".join(one.columns))
        targets[task], classes[task] = one.encode(values), one.classes
    bad.settle({}, problems)
    problems.check()
    return Split(
        rows.name,
        rows.columns,
        np.arange(len(rows)),
        rows.ids(),
        targets,
        classes,
        shuffle=True,
    )
