"""Reads rows with labels that the modalities have not adapted to."""

import numpy as np

from mmfusion.data import targets as labelling
from mmfusion.data.problems import Problems
from mmfusion.data.split import Split
from mmfusion.data.tables import read_table
from mmfusion.data.unlabelled import read_unlabelled


def read_further(path, inputs, target, id=None, allow_outside_root=False):
    """Reads another table for a task of its own: the source of a transfer.

    Args:
        path: str or path of a CSV file.
        inputs: dict of modality name to modality object, adapted before.
        target: dict of task name to the column of its labels.
        id: str. Column of the row ids. Defaults to None, the row number.
        allow_outside_root: bool. Whether paths may leave the folder of the
            table.

    Returns:
        `Split` that trains, with targets, named as the file.

    Raises:
        DataError: If there is any fault; `problems` has all of them.
    """
    labelling.check_names(target)
    table, problems = read_table(path), Problems(path)
    for column, what in table.missing_columns(target.values()).items():
        problems.add(what, row=1, column=column)
    problems.check()
    rows = read_unlabelled(path, inputs, id, allow_outside_root)
    for line, what in zip(table.lines, rows.status, strict=True):
        if what != "ok":
            problems.add(what, row=line)
    targets, classes = {}, {}
    for task, column in target.items():
        labels = [cell or None for cell in table.column(column)]
        for at, label in enumerate(labels):
            if label is None and at not in table.faults:
                problems.add(
                    "has no label; fill it in or remove the row",
                    row=table.lines[at],
                    column=column,
                )
        there = [label for label in labels if label is not None]
        classes[task] = labelling.classes_of(there)
        if len(classes[task]) == 1:
            problems.add(
                f"there is one class only, {there[0]!r}; classification "
                "needs two or more",
                column=column,
            )
        targets[task] = labelling.class_numbers(labels, classes[task])
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
