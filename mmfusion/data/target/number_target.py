"""A number for each row."""

import math
import numbers

import numpy as np

from mmfusion.data import number
from mmfusion.data.characters import as_text, clean
from mmfusion.data.modality import BadValue
from mmfusion.data.splits import NAMES
from mmfusion.data.target.base import Target, column_name
from mmfusion.registry import register

# What to do with a word, and with `nan`; a target has no categories.
_FIXES = (
    "correct it, or remove the row; for classes give `ClassTarget`",
    "correct it, or remove the row",
)


@register("target", "number")
class NumberTarget(Target):
    """A number for each row, in its own unit.

    Mean and deviation of the training split go to the task, whose weights
    then learn a number around zero; answers and scores are in the unit of the
    column.

    Args:
        column: str. The column of a table.

    Raises:
        ArgumentError: If `column` is no name.
        BadValue: By `read`, if a value is no finite number.

    Example:

    >>> target = NumberTarget("price")
    >>> target.adapt_training([target.read("1.5"), 2.5])
    >>> target.arguments()
    {'mean': 2.0, 'deviation': 0.5}
    """

    task = "regression"

    def __init__(self, column=None):
        super().__init__(column_name("NumberTarget", column))
        self.mean, self.deviation = 0.0, 1.0

    def read(self, value):
        value = value.item() if isinstance(value, np.generic) else value
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            value = float(value)
            if math.isfinite(value) and abs(value) <= number.LARGEST:
                return value
        elif isinstance(value, (str, bytes)):
            cell = clean(as_text(value))
            # Whole numbers may be large here: nothing tells ids apart.
            if number.is_number(cell) and abs(float(cell)) <= number.LARGEST:
                return float(cell)
            if found := number.fault(cell, _FIXES):
                raise found
        raise BadValue(
            f"expects a number, received {value!r:.60}",
            "correct it, or remove the row",
            reason="not a number",
        )

    def adapt_training(self, values):
        column = np.array([x for x in values if x is not None], "float64")
        if not len(column):
            return  # Every row has a fault, which is told.
        self.mean = float(column.mean())
        self.deviation = float(column.std()) or 1.0

    def encode(self, values):
        filled = [math.nan if value is None else value for value in values]
        return np.array(filled, "float32")

    def arguments(self):
        return {"mean": self.mean, "deviation": self.deviation}

    def summary(self, values, names):
        parts = {
            name: np.array(
                [
                    value
                    for value, at in zip(values, names, strict=True)
                    if at == name and value is not None
                ]
            )
            for name in NAMES
        }
        parts = {name: x for name, x in parts.items() if len(x)}
        return [
            (what, {name: f"{take(x):,.4g}" for name, x in parts.items()})
            for what, take in (
                ("least", np.min),
                ("median", np.median),
                ("mean", np.mean),
                ("largest", np.max),
            )
        ]

    def faults(self, values, names):
        train = {
            value
            for value, name in zip(values, names, strict=True)
            if name == "train" and value is not None
        }
        if len(train) == 1:
            return [
                (
                    f"is {next(iter(train)):g} in every training row; there "
                    "is nothing to learn",
                    None,
                )
            ]
        return []
