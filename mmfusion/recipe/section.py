"""What a section of a recipe is."""

from mmfusion.errors import ArgumentError


def check_section(name, value):
    """A section holds keys and values."""
    if not isinstance(value, dict):
        raise ArgumentError(
            f"`{name}` expects keys and values. Received: {value!r}."
        )
