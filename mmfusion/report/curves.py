"""Training curves: loss and score of every epoch, as inline SVG."""

import math

from mmfusion.report.lines import lines
from mmfusion.report.markup import tag
from mmfusion.report.scale import ticks, whole_ticks

_NAMES = 74  # Room for the names of the lines.


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
    """Small charts: for each model its loss, and the score of each output.

    Axes are the same for all models, so that they compare at a glance.

    Args:
        history: dict of lists of the fused model; may be empty.
        outputs: dict of output to the `Wording` of its score.
        alone: dict of modality to its dict of lists, or None.

    Returns:
        `Markup`, or None where there is nothing to show.
    """
    models = {"fused": history} if history else {}
    models |= {f"{name} alone": part for name, part in (alone or {}).items()}
    # Keras leaves the name of an output out where there is one only.
    shares, titles = {"loss": False}, {"loss": "loss"}
    for output, wording in outputs.items():
        for prefix in ("", f"{output}_"):
            key = prefix + wording.metric
            shares[key] = wording.shares
            titles[key] = f"{prefix.replace('_', ' ')}{wording.label}"
    names = [n for n in shares if any(_finite(p, n) for p in models.values())]
    if not names:
        return None
    ranges = {n: _range(models.values(), n, shares[n]) for n in names}

    def figures(labels, name, width, height):
        return [
            tag(
                "figure",
                tag("figcaption", tag("b", label), f" {titles[name]}"),
                _chart(
                    models[label],
                    name,
                    ranges[name],
                    "{:.0%}" if shares[name] else "{:,g}",
                    width,
                    height,
                ),
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


def _range(histories, name, shares):
    values = [value for part in histories for value in _finite(part, name)]
    if not shares:
        return ticks(min(0.0, *values), max(values), 4)
    return [at for at in ticks(min(values), max(values), 4) if at <= 1.0]


def _chart(history, name, axis, form, across, down):
    series = {
        "training": history.get(name, []),
        "validation": history.get(f"val_{name}", []),
    }
    return lines(
        {
            label: (label, list(enumerate(values, start=1)))
            for label, values in series.items()
        },
        across,
        down,
        _NAMES,
        [(at, at) for at in whole_ticks(max(map(len, series.values())))],
        [(at, form.format(at).replace("%", " %")) for at in axis],
        "epoch",
    )
