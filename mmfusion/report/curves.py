"""Training curves: loss and accuracy of every epoch, as inline SVG."""

import math

from mmfusion.report.markup import number, tag
from mmfusion.report.scale import place, ticks, whole_ticks

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 74, 12, 34


def read_history(history) -> dict:
    """A history as a dict of lists of floats.

    Args:
        history: keras `History`, `training.Outcome`, a dict of lists, or None.

    Returns:
        dict of metric to list; empty for None.

    Example:

    >>> read_history({"loss": (2, 1)})
    {'loss': [2.0, 1.0]}
    """
    values = getattr(history, "history", history) or {}
    return {
        str(name): [float(value) for value in column]
        for name, column in values.items()
    }


def curves(history, outputs, alone=None):
    """Small charts: for each model its loss, and accuracy of each output.

    Axes are the same for all models, so that they compare at a glance.

    Args:
        history: dict of lists of the fused model; may be empty.
        outputs: names of the outputs whose accuracy is shown.
        alone: dict of modality to its dict of lists, or None.

    Returns:
        `Markup`, or None where there is nothing to show.
    """
    models = {"fused": history} if history else {}
    models |= {f"{name} alone": part for name, part in (alone or {}).items()}
    names = ["loss", "accuracy", *(f"{name}_accuracy" for name in outputs)]
    names = [n for n in names if any(_finite(p, n) for p in models.values())]
    if not names:
        return None
    ranges = {name: _range(models.values(), name) for name in names}

    def figures(labels, name, width, height):
        return [
            tag(
                "figure",
                tag(
                    "figcaption", tag("b", label), f" {name.replace('_', ' ')}"
                ),
                _chart(models[label], name, ranges[name], width, height),
            )
            for label in labels
            if _finite(models[label], name)
        ]

    singles = [label for label in models if label != "fused"]
    large = [figures(["fused"], name, 380, 200) for name in names if history]
    small = [figures(singles, name, 300, 180) for name in names]
    return tag(
        "section",
        tag("h2", "Training"),
        tag("div", large, class_="charts") if large else None,
        [tag("div", part, class_="charts small") for part in small if part],
    )


def _finite(history, name):
    values = [*history.get(name, ()), *history.get(f"val_{name}", ())]
    return [value for value in values if math.isfinite(value)]


def _range(histories, name):
    values = [value for part in histories for value in _finite(part, name)]
    if name == "loss":
        return ticks(min(0.0, *values), max(values), 4)
    return [at for at in ticks(min(values), max(values), 4) if at <= 1.0]


def _chart(history, name, axis, across, down):
    series = {
        "training": history.get(name, []),
        "validation": history.get(f"val_{name}", []),
    }
    epochs = max(map(len, series.values()))
    low, high = axis[0], axis[-1]
    width, height = across - _LEFT - _RIGHT, down - _TOP - _BOTTOM

    def x(epoch):
        share = 0.5 if epochs == 1 else (epoch - 1) / (epochs - 1)
        return _LEFT + width * share

    def y(value):
        return _TOP + height * (1 - place(value, low, high))

    parts = []
    for at in axis:
        parts.append(
            tag(
                "line",
                x1=_LEFT,
                x2=_LEFT + width,
                y1=number(y(at)),
                y2=number(y(at)),
                class_="grid",
            )
        )
        text = f"{at:g}" if name == "loss" else f"{100 * at:g} %"
        parts.append(
            tag("text", text, x=_LEFT - 8, y=number(y(at) + 4), class_="end")
        )
    for epoch in whole_ticks(epochs):
        at = number(x(epoch))
        parts.append(tag("text", epoch, x=at, y=down - 12, class_="middle"))
    parts.append(tag("text", "epoch", x=across - _RIGHT + 14, y=down - 12))
    ends = {}
    for label, values in series.items():
        points = [
            (x(i + 1), y(value)) if math.isfinite(value) else None
            for i, value in enumerate(values)
        ]
        path = _path(points)
        if path:
            parts.append(tag("path", d=path, class_=label))
        known = [point for point in points if point]
        if known:
            ends[label] = known[-1]
            parts.append(
                tag(
                    "circle",
                    cx=number(known[-1][0]),
                    cy=number(known[-1][1]),
                    r=3,
                    class_=label,
                )
            )
    for label, (right, at) in _apart(ends).items():
        parts.append(
            tag(
                "text",
                label,
                x=number(right + 8),
                y=number(at + 4),
                class_=label,
            )
        )
    return tag(
        "svg",
        parts,
        viewBox=f"0 0 {across} {down}",
        aria_hidden="true",
        class_="curve",
    )


def _path(points):
    """Straight lines; a value that is not finite leaves a gap."""
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{number(point[0])} {number(point[1])}")
        pen = "L"
    return "".join(path) if len(path) > 1 else ""


def _apart(ends, gap=15):
    """The labels at the lines' ends, moved so that they do not overlap."""
    if len(ends) < 2:
        return ends
    (upper, a), (lower, b) = sorted(ends.items(), key=lambda item: item[1][1])
    lack = max(0.0, gap - (b[1] - a[1])) / 2
    return {upper: (a[0], a[1] - lack), lower: (b[0], b[1] + lack)}
