"""Labels as class numbers, and what is wrong with labels."""

import collections
import warnings

import numpy as np

from mmfusion import checks
from mmfusion.data.splits import NAMES
from mmfusion.errors import ArgumentError

# The largest class may have this many times the rows of the smallest.
IMBALANCE = 100


def check_names(targets):
    """The names of targets are names of tasks."""
    for name in targets:
        checks.check_task_name(name)


def classes_of(labels):
    """The distinct labels, sorted: numbers by value, also where quoted.

    Labels stay what they are (`"007"` is not 7); where all of them read as
    numbers, they are ordered as numbers.

    Example:

    >>> classes_of(["10", "9", "9"]), classes_of(["b", "10", "9"])
    (['9', '10'], ['10', '9', 'b'])
    """
    return sorted(set(labels), key=_order(set(labels)))


def _order(labels):
    try:
        numbers = {label: float(label) for label in labels}
    except ValueError:
        return str
    if not all(np.isfinite(list(numbers.values()))):
        return str  # "nan" is a label like any other, but has no place.
    return lambda label: (numbers[label], str(label))


def plain_labels(task, labels):
    """Labels given in memory, as a list of int or str; None where missing.

    Args:
        task: str. Name of the target, for messages.
        labels: list or array of whole numbers, booleans or strings.

    Raises:
        ArgumentError: If they are something else.
    """
    values = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    plain = []
    for value in values:
        value = value.item() if isinstance(value, np.generic) else value
        if isinstance(value, bool):
            value = int(value)
        if value is None or value == "" or isinstance(value, (int, str)):
            plain.append(None if value == "" else value)
            continue
        raise ArgumentError(
            f"`targets` expects {task!r} to be a list of whole numbers or "
            f"strings, one a row. Received: {value!r} among them. Classes "
            "have a name or a number; probabilities do not fit."
        )
    kinds = {type(value) for value in plain if value is not None}
    if len(kinds) > 1:
        raise ArgumentError(
            f"`targets` expects {task!r} to be all numbers or all strings. "
            "Received: both."
        )
    return plain


def class_numbers(labels, classes):
    """The place of each label in `classes`, `(rows,)` int32; -1 for None."""
    places = {label: place for place, label in enumerate(classes)}
    places[None] = -1
    return np.array([places[label] for label in labels], "int32")


def faults_of_classes(labels, names):
    """What is wrong with the classes of a target, over all splits.

    Args:
        labels: list of the label of each row.
        names: list of the split of each row, None where it is in none.

    Returns:
        List of `(what, row)`; row is the first that shows it, or None.
    """
    counts = {name: collections.Counter() for name in NAMES}
    first = {}
    for row, (label, name) in enumerate(zip(labels, names, strict=True)):
        if label is not None and name is not None:
            counts[name][label] += 1
            first.setdefault((name, label), row)
    train = counts["train"]
    faults = []
    if len(train) == 1:
        label = next(iter(train))
        faults.append(
            (
                f"there is one class only, {label!r}, in training; "
                "classification needs two or more",
                None,
            )
        )
    for name in NAMES[1:]:
        for label in sorted(set(counts[name]) - set(train), key=str):
            faults.append(
                (
                    f"the class {label!r} is in {name} and not in training; "
                    "add training rows of it or remove it",
                    first[name, label],
                )
            )
    return faults


def warn_of_imbalance(task, labels, names):
    """Warns where one class of the training split all but hides another."""
    train = collections.Counter(
        label
        for label, name in zip(labels, names, strict=True)
        if name == "train"
    )
    (largest, most), *_, (smallest, least) = train.most_common()
    if most > IMBALANCE * least:
        warnings.warn(
            f"The target {task!r} has {most} training rows of {largest!r} and "
            f"{least} of {smallest!r}. Consider the `weight` of `batches`.",
            stacklevel=4,
        )
