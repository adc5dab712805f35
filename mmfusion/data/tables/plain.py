"""What a cell may hold: any value of a typed table as a plain one."""

import datetime
import decimal
import os

import numpy as np

from mmfusion.data.modality import BadValue

# Lists in lists: steps of vectors, say. More is a tensor, which has a file.
MAX_DEPTH = 3


def plain(value, depth=0):
    """A value as a cell: str, number, bool, bytes, array or list of such.

    None is `""`, the empty cell. Dates and times are ISO 8601 texts, decimals
    numbers. A dict of `bytes` and `path`, as Hugging Face stores a file, is
    its bytes, or its path where there are none.

    Args:
        value: of any type.
        depth: int. How many lists it is in.

    Returns:
        The cell.

    Raises:
        BadValue: If it is nothing that a cell can hold.

    Example:

    >>> plain(datetime.date(2024, 1, 31)), plain(decimal.Decimal("2.50"))
    ('2024-01-31', 2.5)
    """
    if value is None:
        return ""
    if isinstance(value, np.generic):
        value = _item(value)
    if isinstance(value, (str, bool, int, float, bytes)):
        return value
    if isinstance(value, (list, tuple)):
        return _list(value, depth)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, decimal.Decimal):
        return _number(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, dict) and set(value) == {"bytes", "path"}:
        return plain(value["bytes"] or value["path"], depth)
    if hasattr(value, "__array__") and not hasattr(value, "columns"):
        array = np.asarray(value)
        return _list(array.tolist(), depth) if array.dtype == object else array
    raise unfit(type(value).__name__, isinstance(value, dict))


def unfit(what, nested=False) -> BadValue:
    """The error for what no cell can hold."""
    fix = (
        "give its parts columns of their own"
        if nested
        else "convert it to a text, a number, bytes or a list of such"
    )
    what = "an object (names and values)" if nested else f"a {what}"
    return BadValue(f"holds {what}", fix)


def _list(values, depth):
    if depth == MAX_DEPTH:
        raise BadValue(f"holds lists more than {MAX_DEPTH} deep", "save arrays")
    if any(value is None for value in values):
        raise BadValue("holds a list with an empty place", "leave it out")
    return [plain(value, depth + 1) for value in values]


def _item(value):
    kind = value.dtype.kind
    if kind == "M":
        return "" if np.isnat(value) else str(value)
    if kind == "f":  # `item` of a long double is one again.
        return float(value)
    if kind in "biuSU":
        return value.item()
    raise unfit(type(value).__name__)


def _number(value):
    """A decimal that is written without fraction is a whole number."""
    finite = value.is_finite()
    if finite and value.as_tuple().exponent >= 0 and value.adjusted() < 308:
        return int(value)
    return float(value)
