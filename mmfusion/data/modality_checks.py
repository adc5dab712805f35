"""What modality objects are asked for: arguments, and what they learned."""

from mmfusion import checks
from mmfusion.data.modality import Modality
from mmfusion.errors import ArgumentError


def column_of(who, column) -> tuple:
    """One optional column name as a tuple."""
    if column is None:
        return ()
    if not isinstance(column, str) or not column:
        raise ArgumentError(
            f"`{who}` expects `column` to be the name of a column. "
            f"Received: {column!r}."
        )
    return (column,)


def check_modalities(inputs):
    """A dict of modality name to modality object, not to its settings."""
    if not isinstance(inputs, dict) or not inputs:
        raise ArgumentError(
            "`inputs` expects a dict of modality name to modality object. "
            f"Received: {checks.one_line(inputs)}."
        )
    for name, modality in inputs.items():
        checks.check_modality_name(name)
        if not isinstance(modality, Modality):
            raise ArgumentError(
                f"`inputs` expects {name!r} to be a modality object, such as "
                "`Text(column=...)`. Received: "
                f"{checks.one_line(modality)}."
            )


def need_adapted(who, learned, what):
    """`learned` is there, or the error that says how it gets there."""
    if learned is None:
        raise ArgumentError(
            f"`{who}` has not learned {what} yet. Call `adapt` with the "
            "values of the training split first."
        )
    return learned
