"""What a table learns of its columns, and gets back from a file."""

import numpy as np

from mmfusion import checks
from mmfusion.errors import ArgumentError, DataError

_WHO = "state of a table"
_KEYS = ("kinds", "mean", "deviation", "constant", "vocabularies")


def learned_state(columns, rows, kind_of) -> dict:
    """What the rows of the training split say of each column.

    Args:
        columns: names, in order.
        rows: list of rows of clean cells, `""` where there is none.
        kind_of: function of a column and its cells that are not empty, to
            `"number"` or `"category"`.

    Returns:
        Dict of `kinds`, by column; `mean` and `deviation`, by column of
        numbers; `constant`, the names of those that never change; and
        `vocabularies`, by column of categories.

    Raises:
        DataError: If a column is empty.
    """
    kinds, mean, deviation, constant, vocabularies = {}, [], [], [], []
    for place, name in enumerate(columns):
        cells = [row[place] for row in rows if row[place]]
        if not cells:
            raise DataError(
                f"Column '{name}' has no value in the training split. "
                "Leave it out of `Tabular`."
            )
        kinds[name] = kind_of(name, cells)
        if kinds[name] == "category":
            vocabularies.append(sorted(set(cells)))
            continue
        column = np.array(cells, "float64")
        # What never changes says nothing; it must not become infinite.
        flat = column.min() == column.max()
        if flat:
            constant.append(name)
        mean.append(float(column[0] if flat else column.mean()))
        deviation.append(float(column.std()) or 1.0 if not flat else 1.0)
    return {
        "kinds": kinds,
        "mean": mean,
        "deviation": deviation,
        "constant": constant,
        "vocabularies": vocabularies,
    }


def check_state(state, columns):
    """A state has a kind for each column, and what belongs to each kind.

    Args:
        state: dict of `kinds`, `mean`, `deviation`, `constant` and
            `vocabularies`.
        columns: names, in order.

    Raises:
        ArgumentError: If it does not fit the columns.
    """
    checks.check_keys(_WHO, state, _KEYS, _KEYS)
    kinds = [state["kinds"].get(name) for name in columns]
    for name, kind in zip(columns, kinds, strict=True):
        checks.check_choice(_WHO, name, kind, ("number", "category"))
    counts = {
        "mean": kinds.count("number"),
        "deviation": kinds.count("number"),
        "vocabularies": kinds.count("category"),
    }
    for key, count in counts.items():
        if len(state[key]) != count:
            raise ArgumentError(
                f"`{_WHO}` expects as many of `{key}` as columns need, "
                f"{count}. Received: {len(state[key])}."
            )
    for mean, deviation in zip(state["mean"], state["deviation"], strict=True):
        checks.check_finite(_WHO, mean=mean)
        checks.check_above_zero(_WHO, deviation=deviation)
    for known in state["vocabularies"]:
        if not isinstance(known, list) or not all(
            isinstance(word, str) for word in known
        ):
            raise ArgumentError(
                f"`{_WHO}` expects lists of words as `vocabularies`. "
                f"Received: {known!r}."
            )
