"""Which classes are taken for which, and how well each is found."""

import math

import numpy as np

from mmfusion.explain import percent
from mmfusion.report.markup import tag
from mmfusion.report.tables import (
    class_scores,
    confusion,
    most_confused,
    row_shares,
)

_MOST = 20  # A larger matrix cannot be read.


def class_tables(of, task, targets, predictions):
    """The confusion matrix of one output and the scores of its classes.

    Args:
        of: str. " of label" where there are several outputs, or "".
        task: the task, which has the classes.
        targets: int array `(rows,)`.
        predictions: float array `(rows, classes)`.

    Returns:
        `Markup`.
    """
    classes, answers = task.classes, np.argmax(predictions, axis=-1)
    counts = confusion(targets.reshape(-1), answers, len(classes))
    small = len(classes) <= _MOST
    return tag(
        "section",
        tag("h2", f"Classes{of}"),
        tag("h3", "Confusion matrix" if small else "Most confused classes"),
        _matrix(counts, classes) if small else _pairs(counts, classes),
        tag("h3", "Precision, recall, F1"),
        _scores(counts, classes),
    )


def _matrix(counts, classes):
    shares = row_shares(counts)
    head = tag(
        "tr",
        tag(
            "th",
            "answered \N{RIGHTWARDS ARROW}",
            tag("br"),
            "true \N{DOWNWARDS ARROW}",
            class_="corner",
        ),
        [tag("th", _name(name), scope="col") for name in classes],
    )
    rows = [
        tag(
            "tr",
            tag("th", _name(name), scope="row"),
            [
                _cell(counts[i, j], shares[i, j], i == j)
                for j in range(len(classes))
            ],
        )
        for i, name in enumerate(classes)
    ]
    size = "few" if len(classes) <= 6 else "some"
    size = "many" if len(classes) > 12 else size
    room = {"few": 11, "some": 7, "many": 4}[size]
    if max(len(str(name)) for name in classes) > room:
        size += " turned"  # Names that are wider than their column stand.
    table = tag(
        "table", tag("thead", head), tag("tbody", rows), class_=f"matrix {size}"
    )
    return tag(
        "div",
        tag("div", table, class_="scroll", tabindex=0),
        tag(
            "p",
            "Each cell: number of rows, and their share of the rows of that "
            "true class.",
            class_="legend",
        ),
    )


def _cell(count, share, right):
    if not count:
        return tag("td", "\N{MIDDLE DOT}", class_="none")
    shade = number_shade(share)
    text = "<1" if share < 0.005 else f"{100 * share:.0f}"
    return tag(
        "td",
        f"{count:,}",
        tag("small", f"{text} %"),
        class_="right" if right else "wrong",
        style=f"--share:{shade}",
    )


def number_shade(share) -> str:
    """How dark a cell is; the smallest share can still be seen.

    Example:

    >>> number_shade(0.0001), number_shade(1.0)
    ('0.06', '1.00')
    """
    return f"{0.06 + 0.94 * float(share):.2f}"


def _pairs(counts, classes):
    pairs = most_confused(counts)
    support = counts.sum(axis=1)
    head = [
        tag("th", text, scope="col")
        for text in ("true class", "answered", "rows", "of its class")
    ]
    rows = [
        tag(
            "tr",
            tag("th", _name(classes[true]), scope="row"),
            tag("td", _name(classes[answer]), class_="text"),
            tag("td", f"{count:,}"),
            tag("td", percent(count / support[true])),
        )
        for true, answer, count in pairs
    ]
    if not rows:
        return tag("p", "No row is taken for another class.")
    wrong = int(counts.sum() - np.trace(counts))
    shown = sum(count for *_, count in pairs)
    return tag(
        "div",
        tag(
            "div",
            tag(
                "table",
                tag("thead", tag("tr", head)),
                tag("tbody", rows),
                class_="plain pairs",
            ),
            class_="scroll",
            tabindex=0,
        ),
        tag(
            "p",
            f"{len(classes)} classes are too many for a matrix: these are the "
            f"{len(rows)} mistakes made most often, {shown:,} of {wrong:,} "
            "wrong rows.",
            class_="legend",
        ),
    )


def _scores(counts, classes):
    scores = class_scores(counts)
    head = [
        tag("th", text, scope="col")
        for text in ("class", "precision", "recall", "F1", "rows")
    ]
    rows = [
        tag(
            "tr",
            tag("th", _name(name), scope="row"),
            [_share(scores[key][i]) for key in ("precision", "recall", "f1")],
            tag("td", f"{scores['support'][i]:,}"),
        )
        for i, name in enumerate(classes)
    ]
    means = {key: _mean(scores[key]) for key in ("precision", "recall", "f1")}
    total = tag(
        "tr",
        tag("th", "mean over classes", scope="row"),
        [_share(value) for value in means.values()],
        tag("td", f"{scores['support'].sum():,}"),
    )
    table = tag(
        "table",
        tag("thead", tag("tr", head)),
        tag("tbody", rows),
        tag("tfoot", total),
        class_="plain classes",
    )
    missing = any(np.isnan(scores[key]).any() for key in means)
    return tag(
        "div",
        tag("div", table, class_="scroll", tabindex=0),
        tag(
            "p",
            "\N{EN DASH}: nothing to divide by (never answered, or not in this "
            "split); the mean leaves it out.",
            class_="legend",
        )
        if missing
        else None,
    )


def _mean(values):
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def _share(value):
    if math.isnan(value):
        return tag("td", "\N{EN DASH}", class_="none")
    return tag("td", f"{value:.3f}")


def _name(name):
    return tag("bdi", name, title=name)
