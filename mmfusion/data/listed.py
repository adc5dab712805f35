"""A cell that holds a list, however a table writes it."""

import json

import numpy as np

from mmfusion.data.modality import BadValue


def listed(value, separator=None):
    """The list that a cell holds.

    Args:
        value: list, tuple or array; or a text, with `separator` between the
            values, or, where that is None, a JSON list.
        separator: str or None.

    Returns:
        List, with what is empty in it.

    Raises:
        BadValue: If it is none of these.

    Example:

    >>> listed("a|b", "|"), listed('["a|b"]')
    (['a', 'b'], ['a|b'])
    """
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, np.ndarray) and value.ndim:
        return list(value)
    if not isinstance(value, str):
        raise BadValue(
            f"expects a list, received a {type(value).__name__}",
            "put the values in a list, one alone, too",
        )
    if separator is not None:
        return value.split(separator)
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise BadValue(
            f"is no JSON list: {value[:60]!r}",
            'write ["a", "b"], or pass `separator=` for what stands between '
            "values",
        )
    return found
