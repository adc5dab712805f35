"""A data set from arrays and lists that are in memory."""

import numpy as np

from mmfusion import checks
from mmfusion.data.column import read_columns
from mmfusion.data.container import Data
from mmfusion.data.image import Image
from mmfusion.data.leakage import warn_of_shared_files
from mmfusion.data.modality import BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.source import SequenceSource
from mmfusion.data.splits import NAMES, check_split, draw
from mmfusion.data.target import ClassTarget, Target, check_names
from mmfusion.data.text import Text
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError


def from_arrays(
    inputs,
    targets,
    modalities=None,
    splits=None,
    groups=None,
    ids=None,
    seed=0,
    unit="group",
    ceilings=None,
    kinds=None,
):
    """Makes a data set of values that are in memory, one a row.

    Arrays that a model takes as they are are not copied; do not change them
    afterwards. In a list None means that there is no value.

    Args:
        inputs: dict of modality name to an array `(rows, ...)` or a list.
        targets: dict of task name to one label a row, a whole number or a
            string; of other kinds where `kinds` says so.
        modalities: dict of modality name to modality object, for those whose
            kind does not follow from the values. By themselves strings are
            `Text()`, uint8 `(rows, height, width[, channels])` is an `Image`
            of that size, numbers `(rows, dim)` are a `Vector`.
        splits: dict of `"train"`, `"validation"`, `"test"` to the indices of
            their rows, or fractions as `read_csv` takes them (groups are
            given by `groups`). Defaults to
            `{"validation": 0.1, "test": 0.2}`.
        groups: `(rows,)` of what repeats (speaker, recording, ...); drawn
            splits keep groups whole.
        ids: list of str, the name of each row. Defaults to the row numbers.
        seed: int. Of drawn splits and of the order of the batches.
        unit: str. What a group is called.
        ceilings: dict of split name to a dict of modality name, and
            `"fused"`, to the best score that is possible.
        kinds: dict of task name to target object, for targets that are no
            classes: `LabelsTarget()` for lists of labels, `NumberTarget()`
            for numbers.

    Returns:
        `Data`.

    Raises:
        DataError: If values cannot be used; `problems` has all of them, as
            `arrays:row:name: what; how to fix`, rows counted from 0.
        ArgumentError: If an argument does not fit.

    Example:

    >>> data = from_arrays(
    ...     {"v": np.eye(4, dtype="float32")},
    ...     {"label": ["a", "b", "a", "b"]},
    ...     splits={"train": [0, 1], "test": [2, 3]},
    ... )
    >>> data.train.ids(), data.test.targets["label"].tolist()
    (['0', '1'], [0, 1])
    """
    checks.check_seed("from_arrays", seed, bits=63)
    check_names(targets)
    rows = _count(inputs, targets, groups=groups, ids=ids)
    modalities = _modalities(inputs, modalities or {})
    problems = Problems("arrays")
    ids = [str(i) for i in range(rows)] if ids is None else _ids(ids, problems)
    objects = _targets(targets, kinds or {})
    labels = {
        task: _read(task, one, targets[task], problems)
        for task, one in objects.items()
    }
    if groups is not None:
        groups = np.asarray(groups).tolist()
    names = _split_names(
        splits, rows, ids, objects, labels, groups, seed, problems
    )
    if not problems:
        for task, one in objects.items():
            for what, row in one.faults(labels[task], names):
                problems.add(what, row=row, column=task)

    def report(name, row, column, what, reason):
        place = f"{name}.{column}" if column else name
        problems.add(what, row=row, column=place)

    sources = {
        name: SequenceSource(given, modalities[name])
        for name, given in inputs.items()
    }
    training = [row for row, name in enumerate(names) if name == "train"]
    columns = read_columns(
        sources,
        report,
        training,
        problems.check,
        problems.check,
        lambda name, what: problems.add(what, column=name),
    )
    warn_of_shared_files(columns, names, range(rows))
    for task, one in objects.items():
        one.warn(task, labels[task], names)
    return Data(
        columns,
        names,
        ids,
        labels,
        objects,
        groups,
        "row" if groups is None else unit,
        ceilings,
        seed,
    )


def _count(inputs, targets, **others):
    if not inputs or not targets:
        raise ArgumentError(
            "`from_arrays` expects at least one input and one target. "
            f"Received: {sorted(inputs)} and {sorted(targets)}."
        )
    given = {**inputs, **targets}
    given |= {name: x for name, x in others.items() if x is not None}
    lengths = {name: len(values) for name, values in given.items()}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise ArgumentError(
            "`from_arrays` expects as many values of everything, one a row. "
            f"Received: {lengths}."
        )
    return next(iter(lengths.values()))


def _modalities(inputs, given):
    checks.check_keys("modalities", given, inputs)
    found = {}
    for name, values in inputs.items():
        checks.check_modality_name(name)
        found[name] = given[name] if name in given else _infer(name, values)
    return found


def _infer(name, values):
    array = values if hasattr(values, "dtype") else None
    if array is None or array.dtype.kind in "UO":
        texts = [value for value in values if value is not None]
        if texts and all(isinstance(value, str) for value in texts):
            return Text(optional=len(texts) < len(values))
    elif array.dtype == np.uint8 and array.ndim in (3, 4):
        return Image(size=array.shape[1:3])
    elif array.dtype.kind in "fiu" and array.ndim == 2:
        return Vector(dim=array.shape[1])
    what = type(values).__name__
    if array is not None:
        what = f"{array.dtype} of shape {array.shape}"
    raise ArgumentError(
        f"`from_arrays` cannot tell what kind of modality {name!r} is. "
        f"Received: {what}. Pass its object: modalities={{{name!r}: ...}}."
    )


def _ids(ids, problems):
    ids, first = [str(key) for key in ids], {}
    for row, key in enumerate(ids):
        if key in first:
            problems.add(
                f"the id {key!r} is that of row {first[key]}, too; make ids "
                "unique",
                row=row,
                column="ids",
            )
        first.setdefault(key, row)
    return ids


def _targets(targets, kinds):
    """The target object of each target: classes, unless told otherwise."""
    checks.check_keys("kinds", kinds, targets)
    for task, one in kinds.items():
        if not isinstance(one, Target):
            raise ArgumentError(
                f"`kinds` expects {task!r} to be a target object. "
                f"Received: {one!r}."
            )
    return {task: kinds.get(task) or ClassTarget() for task in targets}


def _read(task, target, given, problems):
    """The plain value of each row; None, and a problem, where there is none."""
    values = given.tolist() if hasattr(given, "tolist") else list(given)
    plain = []
    for row, value in enumerate(values):
        plain.append(None)
        if isinstance(value, bool):
            value = int(value)
        if target.is_missing(value):
            problems.add("has no label; give it one", row=row, column=task)
            continue
        try:
            plain[-1] = target.read(value)
        except BadValue as error:
            for _, what in error.faults:
                problems.add(what, row=row, column=task)
    return plain


def _split_names(splits, rows, ids, objects, labels, groups, seed, problems):
    given = splits or {}
    if not any(np.ndim(part) for part in given.values()):
        fractions = check_split(splits)
        checks.check_keys("splits", fractions, NAMES[1:])
        if problems:
            return ["train"] * rows
        task, first = next(iter(objects.items()))
        names, faults = draw(
            ids,
            fractions,
            first.strata(labels[task]),
            groups,
            seed,
            first.exclusive,
        )
        for what in faults:
            problems.add(what)
        return names
    checks.check_keys("splits", given, NAMES, required=("train",))
    names = [None] * rows
    for name, places in given.items():
        for row in np.asarray(places, "int64").tolist():
            checks.check_range("splits", name, row, 0, rows - 1)
            if names[row] is not None:
                problems.add(
                    f"is in {names[row]} and in {name}; give it one split"
                    if names[row] != name
                    else f"is in {name} twice; name it once",
                    row=row,
                )
            names[row] = name
    if groups is not None:
        _check_groups(groups, names, problems)
    return names


def _check_groups(groups, names, problems):
    sides = {}
    for row, (group, name) in enumerate(zip(groups, names, strict=True)):
        if name and sides.setdefault(group, name) != name:
            problems.add(
                f"its group {group!r} is in {sides[group]}, too, and it is "
                f"in {name}; give all rows of a group one split",
                row=row,
            )
