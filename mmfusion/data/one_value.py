"""The modality object of one of several values, and its settings."""

from mmfusion import checks, registry
from mmfusion.data.modality import Modality
from mmfusion.errors import ArgumentError


def one_value(of):
    """The modality object of one value, made where it is settings.

    Args:
        of: modality object, or dict of its `type` and arguments.

    Raises:
        ArgumentError: If it is neither, or has steps, columns of its own, or
            several cells.
    """
    if isinstance(of, dict):
        arguments = dict(of)
        checks.check_keys("of", of, of, required=("type",))
        kind = registry.get("modality", arguments.pop("type"))
        of = checks.call("modality", kind, arguments)
    if not isinstance(of, Modality):
        raise ArgumentError(
            "`Several` expects `of` to be a modality object, such as "
            f"`Image(size=(64, 64))`. Received: {type(of).__name__}."
        )
    if of.steps is not None or of.reads_cells or not of.decodes:
        raise ArgumentError(
            "`Several` expects a modality of one value without steps. "
            f"Received: {type(of).__name__}."
        )
    if of.columns or of.optional:
        raise ArgumentError(
            "`Several` expects `of` without a column and not optional: give "
            "`column` and `optional` to `Several`."
        )
    return of


def described(of) -> dict:
    """Type and arguments of a modality object, for JSON."""
    name = registry.name_of("modality", type(of))
    return {"type": name, **of.arguments()}


def restored(plain):
    """The modality object that `described` described, read from a file."""
    arguments = dict(plain)
    kind = registry.get("modality", arguments.pop("type"))
    checks.check_keys("of", arguments, checks.parameters(kind))
    return kind.from_arguments(arguments)
