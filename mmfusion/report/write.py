"""A folder with the report: a page to read and a file for machines."""

import copy
import pathlib

from mmfusion import files
from mmfusion.errors import ArgumentError
from mmfusion.explain import Wording, check_metrics, predict_split
from mmfusion.explain.evaluate import evaluate_with
from mmfusion.explain.interval import count_units
from mmfusion.explain.predictions import targets_of
from mmfusion.report.curves import curves, read_history
from mmfusion.report.diagram import diagram
from mmfusion.report.headline import headline
from mmfusion.report.labels import label_tables
from mmfusion.report.matrix import class_tables
from mmfusion.report.missing import missing
from mmfusion.report.page import page
from mmfusion.report.provenance import provenance
from mmfusion.report.values import value_charts

_RESAMPLES, _SEED = 2000, 0
# What is shown of an output, by what its task gives.
_DETAILS = {
    "probabilities": class_tables,
    "labels": label_tables,
    "values": value_charts,
}


def write(folder, model, split, history=None, worth=None, xla=None, title=None):
    """Writes `report.html` and `metrics.json`.

    The page holds everything it shows: no scripts, no files beside it, no
    requests. It has the scores with their intervals, the model drawn, the
    training curves and how it was made; of classes the confusion matrix and
    the scores of each, of labels the scores of each, of numbers predicted
    against true and how large the errors are; where modalities may be missing,
    how the score suffers as they are. Outputs that only help to train are left
    out.

    Args:
        folder: str or path; is made if it is not there. The two files in it are
            replaced.
        model: `FusionModel`.
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
    tasks = {name: model.tasks[name] for name in outputs}
    usual = {name: tasks[name].baseline(truth[name]) for name in outputs}
    wordings = {
        name: Wording.of(metrics["outputs"][name], tasks[name])
        for name in outputs
    }
    return [
        headline(metrics, usual, wordings, worth),
        missing(metrics),
        diagram(model),
        curves(
            read_history(history), wordings, worth.histories if worth else None
        ),
        *(
            _DETAILS[task.gives](
                f" of {name}" if len(outputs) > 1 else "",
                task,
                truth[name],
                predictions[name],
            )
            for name, task in tasks.items()
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
