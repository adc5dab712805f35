"""What kind of value a cell holds, so that a column keeps to one."""

_NAMES = {bool: "truth value", int: "number", float: "number", str: "string"}


def kind_of(cell):
    """The kind of a cell as words; None of an empty one.

    Raises:
        ValueError: If it is a list of several kinds.

    Example:

    >>> kind_of(1.5), kind_of(["a", "b"]), kind_of([])
    ('number', 'list of string', 'list')
    """
    if isinstance(cell, str) and not cell:
        return None
    if not isinstance(cell, list):
        return _NAMES.get(type(cell), type(cell).__name__)
    inner = None
    for value in cell:
        # An empty text in a list is a text.
        kind = "string" if value == "" else kind_of(value)
        inner = kind if inner is None else common(inner, kind)
        if inner is None:
            raise ValueError("holds a list of values of several types")
    return "list" if inner is None else f"list of {inner}"


def common(first, second):
    """The kind of both, where an empty list is one of anything; else None."""
    short, long = sorted((first, second), key=len)
    same = short == long or (short.endswith("list") and long.startswith(short))
    return long if same else None
