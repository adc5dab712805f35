"""HTML and SVG from plain values; what is not markup is escaped."""

import html

_VOID = ("meta", "br", "hr", "img")


class Markup(str):
    """Text that is HTML already. Everything else gets escaped."""


def tag(name, /, *children, **attributes) -> Markup:
    """One element.

    Args:
        name: str. Of the element.
        *children: `Markup`, plain values (escaped), lists of these, or None,
            which is left out.
        **attributes: values; `_` in a name stands for `-`, one at its end is
            dropped (`class_`), and None leaves the attribute out.

    Returns:
        `Markup`.

    Example:

    >>> tag("td", "a < b", class_="number", colspan=None)
    '<td class="number">a &lt; b</td>'
    """
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{pairs}>")
    return Markup(f"<{name}{pairs}>{join(children)}</{name}>")


def join(children) -> Markup:
    """Several children, one after the other."""
    return Markup("".join(_text(child) for child in children))


def number(value) -> str:
    """Coordinates without a tail of digits: `12.3`, `4`."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(child):
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, (list, tuple)):
        return join(child)
    return html.escape(str(child))
