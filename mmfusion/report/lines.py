"""Lines over two axes, their names at their ends, as inline SVG."""

import math

from mmfusion.report.markup import number, tag
from mmfusion.report.scale import place

_LEFT, _TOP, _BOTTOM = 46, 12, 34


def lines(series, across, down, right, x_ticks, y_ticks, title=None):
    """Draws lines.

    Args:
        series: dict of name to `(class, points)`, points a list of `(x, y)`;
            one that is not finite leaves a gap.
        across, down: int. Width and height of the drawing.
        right: int. Room for the names, on the right.
        x_ticks, y_ticks: lists of `(value, text)`, in order; the first and the
            last are the ends of the axis.
        title: str. What x is. Defaults to nothing.

    Returns:
        `Markup`.
    """
    width, height = across - _LEFT - right, down - _TOP - _BOTTOM

    def at(value, axis, start, size):
        low, high = axis[0][0], axis[-1][0]
        share = 0.5 if low == high else place(value, low, high)
        return start + size * share

    def place_of(point):
        x, y = point
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        return at(x, x_ticks, _LEFT, width), at(
            y, y_ticks, _TOP + height, -height
        )

    parts = []
    for value, text in y_ticks:
        y = at(value, y_ticks, _TOP + height, -height)
        parts.append(
            tag(
                "line",
                x1=_LEFT,
                x2=_LEFT + width,
                y1=number(y),
                y2=number(y),
                class_="grid",
            )
        )
        parts.append(
            tag("text", text, x=_LEFT - 8, y=number(y + 4), class_="end")
        )
    for value, text in x_ticks:
        x = number(at(value, x_ticks, _LEFT, width))
        parts.append(tag("text", text, x=x, y=down - 12, class_="middle"))
    if title:
        parts.append(tag("text", title, x=across - right + 14, y=down - 12))
    ends = {}
    for name, (kind, points) in series.items():
        points = [place_of(point) for point in points]
        path = _path(points)
        if path:
            parts.append(tag("path", d=path, class_=kind))
        known = [point for point in points if point]
        if known:
            ends[name] = known[-1]
            x, y = map(number, known[-1])
            parts.append(tag("circle", cx=x, cy=y, r=3, class_=kind))
    for name, (x, y) in _apart(ends).items():
        kind = series[name][0]
        parts.append(
            tag("text", name, x=number(x + 8), y=number(y + 4), class_=kind)
        )
    return tag(
        "svg",
        parts,
        viewBox=f"0 0 {across} {down}",
        aria_hidden="true",
        class_="curve",
    )


def _path(points):
    """Straight lines; where there is no point there is a gap."""
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{number(point[0])} {number(point[1])}")
        pen = "L"
    return "".join(path) if len(path) > 1 else ""


def _apart(ends, gap=15):
    """The names at the lines' ends, moved so that they do not overlap.

    Names that are too near become a block, in order, around their middle.
    """
    order = sorted(ends, key=lambda name: ends[name][1])
    blocks = []
    for name in order:
        blocks.append(([name], ends[name][1]))
        while len(blocks) > 1:
            (names, middle), (more, other) = blocks[-2:]
            if other - middle >= gap * (len(names) + len(more)) / 2:
                break
            both = names + more
            center = sum(ends[key][1] for key in both) / len(both)
            blocks[-2:] = [(both, center)]
    moved = {}
    for names, middle in blocks:
        top = middle - gap * (len(names) - 1) / 2
        for i, name in enumerate(names):
            moved[name] = (ends[name][0], top + gap * i)
    return moved
