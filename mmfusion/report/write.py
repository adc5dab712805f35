"""A folder with the report: a page to read and a file for machines."""

import copy
import pathlib

import numpy as np

from mmfusion import files
from mmfusion.errors import ArgumentError
from mmfusion.explain import check_metrics, predict_split
from mmfusion.explain.evaluate import evaluate_with
from mmfusion.explain.interval import count_units
from mmfusion.explain.predictions import targets_of
from mmfusion.report.curves import curves, read_history
from mmfusion.report.diagram import diagram
from mmfusion.report.headline import headline
from mmfusion.report.matrix import class_tables
from mmfusion.report.missing import missing
from mmfusion.report.page import page
from mmfusion.report.provenance import provenance

_RESAMPLES, _SEED = 2000, 0


def write(folder, model, split, history=None, worth=None, xla=None, title=None):
    """Writes `report.html` and `metrics.json`.

    The page holds everything it shows: no scripts, no files beside it, no
    requests. It has the scores with their intervals, the model drawn, the
    training curves, the confusion matrix, the scores of each class, and how it
    was made; where modalities may be missing, how accuracy falls as they are.
    Outputs that only help to train are left out.

    Args:
        folder: str or path; is made if it is not there. The two files in it are
            replaced.
        model: `FusionModel` with classification outputs.
        split: labelled `Split` that the model is scored on.
        history: keras `History`, `training.Outcome`, a dict of lists, or None.
        worth: `explain.Worth` of the same model and split, or None: then the
            page does not say whether fusion is worth it.
        xla: dict `{"on": bool, "why": str}` or None. Defaults to what `worth`
            knows.
        title: str or None. Heading of the page. Defaults to the modalities.

    Returns:
        `pathlib.Path` of the page.

    Raises:
        ArgumentError: If the split has no targets, or `worth` is about others
            rows or outputs.
    """
    if worth is None:
        predictions = predict_split(model, split)
        metrics = evaluate_with(model, split, predictions)
    else:
        predictions, metrics = worth.predictions, copy.deepcopy(worth.metrics)
        _check_same(metrics, model, split)
    if xla is not None:
        metrics["xla"] = {"on": bool(xla["on"]), "why": str(xla["why"])}
    check_metrics(metrics)
    html = page(
        title or " + ".join(sorted(model.modalities)),
        metrics,
        _sections(model, split, metrics, predictions, history, worth),
    )
    # Both are complete before either is written.
    folder = pathlib.Path(folder)
    files.write_json(folder / "metrics.json", metrics)
    files.write_text(folder / "report.html", html)
    return folder / "report.html"


def _sections(model, split, metrics, predictions, history, worth):
    outputs = list(metrics["outputs"])
    truth = {name: targets_of(model, split, name) for name in outputs}
    usual = {
        name: float(np.bincount(truth[name]).max() / len(truth[name]))
        for name in outputs
    }
    return [
        headline(metrics, usual, worth),
        missing(metrics),
        diagram(model),
        curves(
            read_history(history), outputs, worth.histories if worth else None
        ),
        *(
            class_tables(
                name,
                truth[name],
                np.argmax(predictions[name], axis=-1),
                model.tasks[name].classes,
                several=len(outputs) > 1,
            )
            for name in outputs
        ),
        provenance(
            model,
            metrics,
            worth.resamples if worth else _RESAMPLES,
            worth.seed if worth else _SEED,
            worth.rules if worth else None,
        ),
    ]


def _check_same(metrics, model, split):
    """`worth` was made of this split and of a model with these outputs."""
    was = (metrics["split"], metrics["rows"], metrics["interval"]["units"])
    now = (split.name, len(split), count_units(len(split), split.groups))
    if was != now:
        raise ArgumentError(
            "`report.write` expects `worth` to be about the same split. "
            f"Received: {was[0]!r} with {was[1]} rows and {was[2]} units, "
            f"where the split is {now[0]!r} with {now[1]} and {now[2]}."
        )
    if not set(metrics["outputs"]) <= set(model.tasks):
        raise ArgumentError(
            "`report.write` expects `worth` to be about the same model. "
            f"Received: outputs {sorted(metrics['outputs'])}, where the model "
            f"has {sorted(model.tasks)}."
        )
