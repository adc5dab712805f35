"""How a number is written in a cell, on the host and in the graph alike."""

import re

import tensorflow as tf

from mmfusion.data.modality import BadValue

_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_WHOLE = r"[+-]?[0-9]+"
# Beyond it float32 no longer tells whole numbers apart: ids would collide.
_LARGEST_WHOLE = 2**24
LARGEST = 3.0e38
_NOT_FINITE = {"nan", "inf", "infinity", "-inf", "-infinity", "+inf"}


# What to do with a cell that is no number, and with one that says so.
_FIXES = (
    "correct it, or declare the column in `categories`",
    "leave the cell empty where the number is not known",
)


def fault(cell: str, fixes=_FIXES) -> BadValue | None:
    """What is wrong with a cell of a column of numbers, if anything.

    Args:
        cell: str, clean.
        fixes: two str. What to do where it is a word, and where it is `nan`
            or infinite.

    Example:

    >>> fault("1.5e3") is None, str(fault("1,5"))
    (True, "expects a number, received '1,5'; write 1.5")
    """
    received = f"expects a number, received {cell[:60]!r}"
    if not re.fullmatch(_NUMBER, cell):
        fix = fixes[cell.lower() in _NOT_FINITE]
        if re.fullmatch(r"[+-]?[0-9]*,[0-9]+", cell):
            fix = f"write {cell.replace(',', '.')}"
            if re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", cell):
                fix += f" or {cell.replace(',', '')}, whichever is meant"
        elif re.fullmatch(r"[+-]?[0-9]{1,3}([,' ][0-9]{3})+(\.[0-9]*)?", cell):
            fix = "write it without separators of thousands"
        return BadValue(received, fix, reason="not a number")
    size = abs(float(cell))
    if size > LARGEST:
        return BadValue(
            received, "float32 ends at 3.4e38; correct it", reason="too large"
        )
    if re.fullmatch(_WHOLE, cell) and size > _LARGEST_WHOLE:
        return BadValue(
            f"{received}: whole numbers above {_LARGEST_WHOLE} lose digits",
            "declare the column in `categories` if these are ids; write "
            "them with a decimal point if they are amounts",
            reason="too large",
        )
    return None


def is_number(cell: str) -> bool:
    """Whether a cell is written as a number, however large."""
    return re.fullmatch(_NUMBER, cell) is not None


def looks_like_number(cell: str) -> bool:
    """Whether a cell may be a number and not a code such as `007`."""
    return fault(cell) is None and not re.fullmatch(r"[+-]?0[0-9]+", cell)


def status(cells):
    """The reasons of `fault` in a graph.

    Args:
        cells: string tensor of any shape, clean; empty ones are in order.

    Returns:
        String tensor of the same shape, empty where nothing is wrong.
    """
    empty = tf.equal(cells, "")
    written = tf.strings.regex_full_match(cells, _NUMBER)
    size = tf.abs(value(tf.where(written, cells, "0")))
    whole = tf.strings.regex_full_match(cells, _WHOLE)
    large = (size > LARGEST) | (whole & (size > _LARGEST_WHOLE))
    found = tf.where(large, "too large", "")
    found = tf.where(written, found, "not a number")
    return tf.where(empty, "", found)


def value(cells):
    """Float64 of cells that are numbers; an empty one is 0."""
    cells = tf.where(tf.equal(cells, ""), "0", cells)
    return tf.strings.to_number(cells, tf.float64)
