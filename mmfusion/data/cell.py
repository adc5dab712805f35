"""One cell of a row, from whatever type a table has for it."""

import numbers

import numpy as np

from mmfusion.data import number
from mmfusion.data.characters import as_text, clean
from mmfusion.data.modality import BadValue


def read_cell(name, row, kind):
    """One cell as clean text; numbers and bools as they would be written.

    Args:
        name: str. The column.
        row: dict of column to cell: str, UTF-8 bytes, number, bool or None.
        kind: `"number"`, `"category"` or None where it is not known.

    Returns:
        str, empty where there is no value.

    Raises:
        BadValue: If the column is not there, or the cell is not of its kind.

    Example:

    >>> read_cell("price", {"price": 2.5}, "number")
    '2.5'
    """
    if name not in row:
        raise BadValue("this column is not there", "add it", reason="missing")
    cell = row[name]
    if cell is None:
        return ""
    if isinstance(cell, (bool, np.bool_)):
        cell = str(bool(cell)).lower()
    elif isinstance(cell, numbers.Number):
        cell = repr(cell.item() if hasattr(cell, "item") else cell)
    cell = clean(as_text(cell))
    found = number.fault(cell) if cell and kind == "number" else None
    if found:
        raise found
    return cell
