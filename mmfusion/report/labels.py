"""How well each of several labels is found."""

import math

import numpy as np

from mmfusion.report.markup import tag
from mmfusion.report.tables import label_scores

_HEAD = (
    "label",
    "precision",
    "recall",
    "F1",
    "average precision",
    "rows",
    "of all",
)
_SCORES = ("precision", "recall", "f1", "average_precision")


def label_tables(of, task, targets, predictions):
    """The scores of each label of one output.

    Args:
        of: str. " of tags" where there are several outputs, or "".
        task: the task, which has labels and threshold.
        targets: array `(rows, labels)` of 0 and 1.
        predictions: float array `(rows, labels)`.

    Returns:
        `Markup`.
    """
    scores = label_scores(targets, predictions, task.threshold)
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", name, title=name), scope="row"),
            [_share(scores[key][i]) for key in _SCORES],
            tag("td", f"{scores['support'][i]:,}"),
            tag("td", _percent(scores["prevalence"][i])),
        )
        for i, name in enumerate(task.classes)
    ]
    total = int(scores["support"].sum())
    foot = [
        tag(
            "tr",
            tag("th", "mean over labels (macro)", scope="row"),
            [_share(_mean(scores[key])) for key in _SCORES],
            tag("td", f"{total:,}"),
            tag("td", _percent(scores["prevalence"].mean())),
        ),
        tag(
            "tr",
            tag("th", "all labels as one (micro)", scope="row"),
            [_share(value) for value in scores["micro"]],
            tag("td"),
            tag("td"),
            tag("td"),
        ),
    ]
    table = tag(
        "table",
        tag(
            "thead",
            tag("tr", [tag("th", text, scope="col") for text in _HEAD]),
        ),
        tag("tbody", rows),
        tag("tfoot", foot),
        class_="plain classes",
    )
    return tag(
        "section",
        tag("h2", f"Labels{of}"),
        tag("div", table, class_="scroll", tabindex=0),
        tag(
            "p",
            f"A label is answered where its probability is above "
            f"{task.threshold:g}: {_count(scores['answered'])} a row, where "
            f"{_count(scores['true'])} are true. Average precision asks for no "
            "threshold; of chance it is the share of all rows that have the "
            "label.",
            class_="legend",
        ),
        tag(
            "p",
            "\N{EN DASH}: nothing to divide by (never answered, or not in this "
            "split); the mean leaves it out.",
            class_="legend",
        )
        if any(np.isnan(scores[key]).any() for key in _SCORES)
        else None,
    )


def _mean(values):
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def _share(value):
    if math.isnan(value):
        return tag("td", "\N{EN DASH}", class_="none")
    return tag("td", f"{value:.3f}")


def _percent(share):
    return f"{100 * share:.1f} %"


def _count(number):
    return f"{number:.2f}".rstrip("0").rstrip(".")
