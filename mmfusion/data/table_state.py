"""What a table has learned, as it comes back from a file."""

from mmfusion import checks
from mmfusion.errors import ArgumentError

_WHO = "state of a table"
_KEYS = ("kinds", "mean", "deviation", "constant", "vocabularies")


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
