"""Numbers that were predicted, against the true ones."""

import numpy as np

from mmfusion.explain.wording import Wording, decimals
from mmfusion.report.markup import number, tag
from mmfusion.report.scale import place, ticks
from mmfusion.report.tables import error_groups, value_scores

_DOTS = 400  # From here on cells are shaded by how many rows are in them.
_CELLS = 40
_SIDE, _LEFT, _TOP, _BOTTOM = 320, 64, 10, 46
_QUANTILES = (0.5, 0.9, 0.95, 0.99, 1.0)


def value_charts(of, task, targets, predictions):
    """Predicted against true, and how large the errors are.

    Args:
        of: str. " of price" where there are several outputs, or "".
        task: the task.
        targets: float array `(rows,)`.
        predictions: float array `(rows, 1)`.

    Returns:
        `Markup`.
    """
    true = np.asarray(targets, "float64").reshape(-1)
    predicted = np.asarray(predictions, "float64").reshape(-1)
    scores = value_scores(true, predicted)
    wording = Wording.of(
        {"unit": "target", "fused": {"value": scores["mae"] or task.spread}}
    )
    usual, constant = task.baseline(true)
    return tag(
        "section",
        tag("h2", f"Predicted and true{of}"),
        tag(
            "div",
            tag(
                "figure",
                tag("figcaption", "each row: true across, predicted up"),
                _scatter(true, predicted),
            ),
            tag(
                "div",
                tag("h3", "Errors"),
                _errors(scores, usual, constant, wording),
            ),
            class_="charts",
        ),
        tag("h3", "By size of what was predicted"),
        _groups(true, predicted, wording),
        tag(
            "p",
            "Rows in order of their predictions, in groups of as many rows: "
            "bias is the mean of predicted minus true.",
            class_="legend",
        ),
    )


def _errors(scores, usual, constant, wording):
    lines = [
        ("mean absolute error", wording.number(scores["mae"])),
        (f"of a constant answer, {constant}", wording.number(usual)),
        ("root mean squared error", wording.number(scores["rmse"])),
        (
            "R\N{SUPERSCRIPT TWO}",
            "\N{EN DASH}" if np.isnan(scores["r2"]) else f"{scores['r2']:.3f}",
        ),
        ("bias", wording.number(scores["bias"])),
    ]
    for share in _QUANTILES:
        value = np.quantile(scores["errors"], share)
        what = f"{100 * share:g} % of the rows are off by at most"
        if share == 1.0:
            what = "the worst row is off by"
        lines.append((what, wording.number(value)))
    rows = [
        tag("tr", tag("th", what, scope="row"), tag("td", value))
        for what, value in lines
    ]
    return tag("table", tag("tbody", rows), class_="plain errors")


def _groups(true, predicted, wording):
    head = ("predicted", "rows", "bias", "mean absolute error", "worst")
    shown = Wording(
        "value", unit="target", digits=decimals(np.abs(predicted).max() / 10)
    )
    rows = [
        tag(
            "tr",
            tag(
                "th",
                f"{shown.number(group['low'])} to "
                f"{shown.number(group['high'])}",
                scope="row",
            ),
            tag("td", f"{group['rows']:,}"),
            [
                tag("td", wording.number(group[key]))
                for key in ("bias", "mae", "worst")
            ],
        )
        for group in error_groups(true, predicted)
    ]
    table = tag(
        "table",
        tag("thead", tag("tr", [tag("th", x, scope="col") for x in head])),
        tag("tbody", rows),
        class_="plain",
    )
    return tag("div", table, class_="scroll", tabindex=0)


def _scatter(true, predicted):
    """One square: dots of few rows, shaded cells of many."""
    both = np.concatenate([true, predicted])
    axis = ticks(float(both.min()), float(both.max()))
    low, high = axis[0], axis[-1]
    x = _LEFT + _SIDE * place(true, low, high)
    y = _TOP + _SIDE * (1 - place(predicted, low, high))
    right, bottom = _LEFT + _SIDE, _TOP + _SIDE
    parts = []
    for at in axis:
        across = number(_LEFT + _SIDE * place(at, low, high))
        up = _TOP + _SIDE * (1 - place(at, low, high))
        ends = {"x1": _LEFT, "x2": right}
        parts += [
            tag("line", **ends, y1=number(up), y2=number(up), class_="grid"),
            tag(
                "text",
                f"{at:,g}",
                x=_LEFT - 8,
                y=number(up + 4),
                class_="end",
            ),
            tag("text", f"{at:,g}", x=across, y=bottom + 18, class_="middle"),
        ]
    dots = len(true) <= _DOTS
    parts += _dots(x, y) if dots else _density(x, y)
    parts += [
        tag("line", x1=_LEFT, y1=bottom, x2=right, y2=_TOP, class_="as-it-is"),
        tag(
            "text",
            "true",
            x=_LEFT + _SIDE / 2,
            y=bottom + 36,
            class_="middle",
        ),
    ]
    return tag(
        "svg",
        parts,
        viewBox=f"0 0 {right + 28} {bottom + _BOTTOM}",
        aria_hidden="true",
        class_="curve scatter",
    )


def _dots(x, y):
    return [
        tag("circle", cx=number(a), cy=number(b), r=2.5)
        for a, b in zip(x, y, strict=True)
    ]


def _density(x, y):
    """A cell for each place where there are rows, darker the more there are."""
    size = _SIDE / _CELLS
    columns = np.minimum((x - _LEFT) // size, _CELLS - 1).astype(int)
    rows = np.minimum((y - _TOP) // size, _CELLS - 1).astype(int)
    counts = np.bincount(rows * _CELLS + columns)
    most = np.log1p(counts.max())
    return [
        tag(
            "rect",
            x=number(_LEFT + size * (cell % _CELLS)),
            y=number(_TOP + size * (cell // _CELLS)),
            width=number(size),
            height=number(size),
            style=f"--share:{np.log1p(counts[cell]) / most:.2f}",
        )
        for cell in np.flatnonzero(counts)
    ]
