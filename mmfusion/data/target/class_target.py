"""One class for each row."""

import collections
import warnings

import numpy as np

from mmfusion.data.modality import BadValue
from mmfusion.data.splits import NAMES
from mmfusion.data.target.base import Target, column_name
from mmfusion.registry import register

# The largest class may have this many times the rows of the smallest.
IMBALANCE = 100
# Labels that a summary names.
MOST = 12
# Beyond it a float no longer tells whole numbers apart.
_LARGEST_WHOLE = 2**53


@register("target", "class")
class ClassTarget(Target):
    """The class of each row, as a number in the order of all classes.

    Labels stay what they are: `"007"` is not 7, `"NA"` is a class. A whole
    number stays one, also where pandas made it a float since others of its
    column are missing; a bool is `"true"` or `"false"`. Classes are those of
    all splits, sorted; as numbers where all of them read as numbers.

    Args:
        column: str. The column of a table.

    Raises:
        ArgumentError: If `column` is no name.
        BadValue: By `read`, if a value is no class.

    Example:

    >>> target = ClassTarget("kind")
    >>> target.adapt(["dog", "cat", "dog"])
    >>> target.encode(["dog", "cat"]).tolist(), target.classes
    ([1, 0], ['cat', 'dog'])
    """

    task = "classification"
    dtype = "int32"

    def __init__(self, column=None):
        super().__init__(column_name("ClassTarget", column))

    def read(self, value):
        value = value.item() if isinstance(value, np.generic) else value
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, (str, int)):
            return value
        if isinstance(value, float) and _is_whole(value):
            return int(value)
        fix = "classes are words or whole numbers"
        if isinstance(value, float):
            fix += "; for amounts give `NumberTarget`"
        elif isinstance(value, (list, tuple)):
            fix += "; for several labels a row give `LabelsTarget`"
        raise BadValue(
            f"expects a class, received {str(value)[:60]!r}",
            fix,
            reason="not a class",
        )

    def adapt(self, values):
        self.classes = classes_of([x for x in values if x is not None])

    def encode(self, values):
        return class_numbers(values, self.classes)

    def arguments(self):
        return {"classes": list(self.classes)}

    def strata(self, values):
        return [() if value is None else (value,) for value in values]

    def faults(self, values, names):
        kinds = {}
        for row, value in enumerate(values):
            if value is not None:
                kinds.setdefault(type(value), row)
        if len(kinds) > 1:
            what = (
                "classes are numbers in some rows and words in others, from "
                "here on; write all of them alike"
            )
            return [(what, max(kinds.values()))]
        counts, first = count_labels(self.strata(values), names)
        train = counts["train"]
        found = []
        if len(train) == 1:
            label = next(iter(train))
            found.append(
                (
                    f"there is one class only, {label!r}, in training; "
                    "classification needs two or more",
                    None,
                )
            )
        return found + not_in_training("class", counts, first)

    def summary(self, values, names):
        return summary_of_labels(self.strata(values), names)

    def warn(self, task, values, names):
        warn_of_imbalance(task, values, names)


def _is_whole(value):
    return value.is_integer() and abs(value) <= _LARGEST_WHOLE


def count_labels(labels, names):
    """How often each label is in each split, and where first.

    Args:
        labels: list of tuples of labels, one a row.
        names: list of the split of each row, None where it is in none.

    Returns:
        Dict of split to a `Counter`, and dict of `(split, label)` to row.
    """
    counts = {name: collections.Counter() for name in NAMES}
    first = {}
    for row, (found, name) in enumerate(zip(labels, names, strict=True)):
        for label in found if name is not None else ():
            counts[name][label] += 1
            first.setdefault((name, label), row)
    return counts, first


def summary_of_labels(labels, names):
    """How often each label is in each split, the most frequent first.

    Args:
        labels: list of tuples of labels, one a row.
        names: list of the split of each row, None where it is in none.
    """
    counts, _ = count_labels(labels, names)
    rows = collections.Counter(name for name in names if name is not None)
    total = sum(counts.values(), collections.Counter())
    summary = []
    for label, _ in total.most_common(MOST):
        cells = {}
        for name, n in rows.items():
            count = counts[name][label]
            cells[name] = f"{count:,} ({100 * count / n:.1f} %)"
        summary.append((str(label), cells))
    if len(total) > MOST:
        rest = total.most_common()[MOST:]
        cells = {n: f"{sum(counts[n][x] for x, _ in rest):,}" for n in rows}
        summary.append((f"({len(rest)} more)", cells))
    return summary


def not_in_training(what, counts, first):
    """The faults of labels that are held out and in no training row."""
    return [
        (
            f"the {what} {label!r} is in {name} and not in training; add "
            "training rows of it or remove it",
            first[name, label],
        )
        for name in NAMES[1:]
        for label in sorted(set(counts[name]) - set(counts["train"]), key=str)
    ]


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


def class_numbers(labels, classes):
    """The place of each label in `classes`, `(rows,)` int32; -1 for None."""
    places = {label: place for place, label in enumerate(classes)}
    places[None] = -1
    return np.array([places[label] for label in labels], "int32")


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
            f"{least} of {smallest!r}. Consider `class_weights` or `balanced` "
            "of the training.",
            stacklevel=5,
        )
