"""The model drawn as inline SVG: boxes in columns, or in rows."""

from mmfusion.report.graph import read_graph
from mmfusion.report.markup import join, number, tag

_LINE = 16  # Height of a line of text.
_PAD = 11


def diagram(model):
    """The model from left to right, and from top to bottom for small screens.

    Args:
        model: `FusionModel`.

    Returns:
        `Markup`: a section; its style decides which of the two is seen.
    """
    boxes = read_graph(model)
    return tag(
        "section",
        tag("h2", "The model"),
        _draw(boxes, width=184, gap=56, space=18, across=True),
        _draw(boxes, width=124, gap=34, space=8, across=False),
        tag(
            "p",
            "Dashed: optional, a row may come without it. What is absent is "
            "masked, never made up.",
            class_="legend",
        )
        if any(box.optional for box in boxes.values())
        else None,
    )


def _draw(boxes, width, gap, space, across):
    """Levels along one axis, lanes along the other."""
    tall = max(len(box.lines) for box in boxes.values())
    height = 2 * _PAD + (2 + tall) * _LINE - 4
    lanes = _lanes(boxes)
    levels = 1 + max(box.level for box in boxes.values())
    count = 1 + max(lanes.values())

    def corner(key):
        if across:
            return boxes[key].level * (width + gap), lanes[key] * (
                height + space
            )
        return lanes[key] * (width + space), boxes[key].level * (height + gap)

    parts = [tag("title", "The model: what it reads and how it is fused")]
    for key, box in boxes.items():
        for source in box.sources:
            parts.append(
                _arrow(
                    corner(source),
                    corner(key),
                    width,
                    height,
                    across,
                    dashed=boxes[source].optional,
                )
            )
    for key, box in boxes.items():
        parts.append(_box(box, *corner(key), width, height))
    along, other = (levels, count) if across else (count, levels)
    between = (gap, space) if across else (space, gap)
    total = along * (width + between[0]) - between[0]
    down = other * (height + between[1]) - between[1]
    return tag(
        "svg",
        parts,
        viewBox=f"-2 -2 {number(total + 4)} {number(down + 4)}",
        style=f"max-width:{number(total + 4)}px",
        class_="diagram wide" if across else "diagram small",
        role="img",
    )


def _lanes(boxes):
    """A place across the flow for each box: the middle of what it reads."""
    lanes = {}
    for level in range(1 + max(box.level for box in boxes.values())):
        keys = [key for key, box in boxes.items() if box.level == level]
        wish = {
            key: sum(lanes[s] for s in boxes[key].sources)
            / len(boxes[key].sources)
            if boxes[key].sources
            else float(place)
            for place, key in enumerate(keys)
        }
        taken = -1.0
        for key in sorted(keys, key=wish.get):
            lanes[key] = taken = max(wish[key], taken + 1.0)
    return lanes


def _box(box, x, y, width, height):
    middle = x + width / 2
    # Letters are about 7.5 pixels wide in a name and 6 in a detail; what does
    # not fit is cut, and whole in the box's title.
    room = int(width - 10)
    lines = [
        (box.kind, "kind"),
        (_cut(box.title, room * 2 // 15), "name"),
        *((_cut(line, room // 6), "detail") for line in box.lines),
    ]
    top = y + height / 2 - _LINE * len(lines) / 2 + 12
    texts = [
        tag("text", text, x=number(middle), y=number(top + _LINE * i), class_=c)
        for i, (text, c) in enumerate(lines)
    ]
    frame = tag(
        "rect",
        x=number(x),
        y=number(y),
        width=width,
        height=height,
        rx=8,
        class_="optional" if box.optional else None,
    )
    title = tag(
        "title", join([f"{box.kind} {box.title}: ", ", ".join(box.lines)])
    )
    return tag("g", title, frame, texts, class_=box.kind)


def _arrow(start, end, width, height, across, dashed):
    if across:
        x1, y1 = start[0] + width, start[1] + height / 2
        x2, y2 = end[0], end[1] + height / 2
        bend = (x2 - x1) / 2
        controls = (x1 + bend, y1, x2 - bend, y2)
        head = ((x2 - 7, y2 - 4), (x2 - 7, y2 + 4))
    else:
        x1, y1 = start[0] + width / 2, start[1] + height
        x2, y2 = end[0] + width / 2, end[1]
        bend = (y2 - y1) / 2
        controls = (x1, y1 + bend, x2, y2 - bend)
        head = ((x2 - 4, y2 - 7), (x2 + 4, y2 - 7))
    curve = " ".join(number(value) for value in controls)
    path = f"M{number(x1)} {number(y1)}C{curve} {number(x2)} {number(y2)}"
    tip = "M{} {}L{} {}L{} {}".format(
        *map(number, (*head[0], x2, y2, *head[1]))
    )
    return join(
        [
            tag("path", d=path, class_="arrow optional" if dashed else "arrow"),
            tag("path", d=tip, class_="arrow"),
        ]
    )


def _cut(text, room):
    return (
        text
        if len(text) <= room
        else f"{text[: room - 1]}\N{HORIZONTAL ELLIPSIS}"
    )
