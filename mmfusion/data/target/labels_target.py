"""Several labels for each row, or none."""

import numpy as np

from mmfusion import checks
from mmfusion.data.characters import as_text
from mmfusion.data.listed import listed
from mmfusion.data.modality import BLANK, BadValue
from mmfusion.data.target.base import Target, column_name
from mmfusion.data.target.class_target import (
    classes_of,
    count_labels,
    not_in_training,
    summary_of_labels,
)
from mmfusion.errors import ArgumentError
from mmfusion.registry import register

_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


@register("target", "labels")
class LabelsTarget(Target):
    """Which of all labels each row has, as zeros and ones.

    A cell is a list (JSON Lines, Parquet, a DataFrame), or a text with
    `separator` between labels or a JSON list in it (`["a", "b"]`); or each
    label has a column of its own that says 1 or 0. An empty list, `[]` in a
    text, is a row without labels. An empty text may mean that, or that nobody
    looked: it is a fault unless `empty` says what it means.

    Args:
        column: str. The column of the labels.
        columns: list of str. Columns of 0 and 1 instead, one for each label.
        separator: str. What stands between labels in a text.
        empty: `"missing"` or `"none"`. What an empty cell means.

    Raises:
        ArgumentError: If an argument does not fit, or `column` and `columns`
            are both given.
        BadValue: By `read`, if a value is no labels.

    Example:

    >>> target = LabelsTarget("tags")
    >>> rows = [target.read("red|new"), target.read("red")]
    >>> target.adapt(rows)
    >>> target.encode(rows).tolist(), target.classes
    ([[1.0, 1.0], [0.0, 1.0]], ['new', 'red'])
    """

    task = "multi_label"
    exclusive = False

    def __init__(
        self, column=None, columns=None, separator="|", empty="missing"
    ):
        if column is not None and columns is not None:
            raise ArgumentError(
                "`LabelsTarget` takes `column` or `columns`, not both."
            )
        if columns is not None:
            _check_columns(columns)
        super().__init__(columns or column_name("LabelsTarget", column))
        if not isinstance(separator, str) or not separator:
            raise ArgumentError(
                "`LabelsTarget` expects `separator` to be a text. "
                f"Received: {separator!r}."
            )
        checks.check_choice("LabelsTarget", "empty", empty, ("missing", "none"))
        self.separator = separator
        self.empty = empty
        self.one_a_column = columns is not None
        none = "0" if self.one_a_column else "[]"
        self.lacking = (
            f"has no label; fill it in, write {none} for none, or remove the "
            "row"
        )

    def is_missing(self, value):
        if isinstance(value, (list, tuple, np.ndarray)):
            return False  # An empty list says that there are none.
        return self.empty == "missing" and super().is_missing(value)

    def read(self, value):
        if isinstance(value, dict):
            return self._read_columns(value)
        if isinstance(value, str):
            value = _from_json(value)
        if value is None or isinstance(value, str):
            parts = (value or "").split(self.separator)
            labels = [part.strip(BLANK) for part in parts]
            if labels == [""]:
                return ()
            if "" in labels:
                raise BadValue(
                    f"has an empty label in {value[:60]!r}",
                    f"remove a {self.separator!r}",
                    reason="not a label",
                )
        elif isinstance(value, (list, tuple, np.ndarray)):
            labels = [_plain(label) for label in np.asarray(value, object)]
        else:
            labels = [_plain(value)]
        if len(set(labels)) < len(labels):
            raise BadValue(
                f"has a label twice: {value!r:.60}",
                "name it once",
                reason="not a label",
            )
        return tuple(labels)

    def _read_columns(self, cells):
        labels, faults = [], []
        for name in self.columns:
            cell = cells[name]
            cell = cell.item() if isinstance(cell, np.generic) else cell
            if isinstance(cell, float) and cell in (0.0, 1.0):
                cell = int(cell)
            said = str(cell).strip(BLANK).lower()
            if said in _YES:
                labels.append(name)
            elif said not in _NO and not (said == "" and self.empty == "none"):
                faults.append(
                    (name, f"expects 1 or 0, received {cell!r:.60}; correct it")
                )
        if faults:
            listed = " | ".join(f"{name}: {what}" for name, what in faults)
            raise BadValue(listed, reason="not a label", faults=faults)
        return tuple(labels)

    def adapt(self, values):
        if self.one_a_column:
            self.classes = list(self.columns)
            return
        found = {x for labels in values if labels is not None for x in labels}
        self.classes = classes_of(found)

    def encode(self, values):
        places = {label: place for place, label in enumerate(self.classes)}
        table = np.zeros((len(values), len(places)), "float32")
        for row, labels in enumerate(values):
            table[row, [places[label] for label in labels or ()]] = 1
        return table

    def arguments(self):
        return {"classes": list(self.classes)}

    def strata(self, values):
        return [labels or () for labels in values]

    def summary(self, values, names):
        return summary_of_labels(self.strata(values), names)

    def faults(self, values, names):
        found = {x for labels in values for x in labels or ()}
        if len({type(label) for label in found}) > 1:
            return [
                (
                    "labels are numbers in some rows and words in others; "
                    "write all of them alike",
                    None,
                )
            ]
        counts, first = count_labels(self.strata(values), names)
        rows = sum(
            labels is not None and name == "train"
            for labels, name in zip(values, names, strict=True)
        )
        train = counts["train"]
        if not train:
            return [("no training row has a label; add some", None)]
        faults = not_in_training("label", counts, first)
        if len(train) < 2 and not self.one_a_column:
            faults.append(
                (
                    f"there is one label only, {next(iter(train))!r}, in "
                    "training; give it as a class, yes or no",
                    None,
                )
            )
        flat = [label for label, count in train.items() if count == rows]
        if self.one_a_column:
            flat += [label for label in self.columns if label not in train]
        faults += [
            (
                f"the label {label!r} is the same in every training row; there "
                "is nothing to learn: remove it",
                None,
            )
            for label in sorted(set(flat), key=str)
        ]
        return faults


def _from_json(text):
    """The list that a text has in JSON; the text itself if it has none."""
    if not text.strip(BLANK).startswith("["):
        return text
    try:
        found = listed(text)
    except BadValue:
        return text  # A label in brackets.
    # An escape can write half of a character.
    return [as_text(x) if isinstance(x, str) else x for x in found]


def _plain(label):
    label = label.item() if isinstance(label, np.generic) else label
    if isinstance(label, bool) or not isinstance(label, (str, int)):
        raise BadValue(
            f"expects labels as words or whole numbers, received {label!r:.60}",
            "correct it",
            reason="not a label",
        )
    if label == "":
        raise BadValue("has an empty label", "remove it", reason="not a label")
    return label


def _check_columns(columns):
    listed = isinstance(columns, (list, tuple)) and columns
    if not listed or not all(isinstance(name, str) for name in columns):
        raise ArgumentError(
            "`LabelsTarget` expects `columns` to be a list of names. "
            f"Received: {columns!r}."
        )
    checks.check_unique("LabelsTarget", columns=list(columns))
