"""A model's scores on a split: fused, masked, ceiling, with intervals."""

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.explain.interval import bootstrap_interval, count_units
from mmfusion.explain.metrics import check_metrics
from mmfusion.explain.missing import missing_curves
from mmfusion.explain.predictions import (
    predict_split,
    row_scores,
    scored_outputs,
)


def evaluate(model, split, level=0.95, resamples=2000, seed=0) -> dict:
    """Scores a model on a split, as plain values for machines and reports.

    `fused` is the model as it is. `masked` is the same model with all other
    modalities absent, given only where all the others are optional; it is not a
    model trained on one modality, which `worth` adds as `alone`. `missing` is
    how it falls as more values are missing (`missing_curves`). `ceiling` is
    what the generator of the data says can be reached. All on the same rows,
    with intervals clustered by the split's unit.

    Args:
        model: `FusionModel`. What is scored is the `metric` of each task.
        split: `Split` with targets.
        level: float. Of the intervals.
        resamples: int. Bootstrap samples for each interval.
        seed: int. Of the bootstrap.

    Returns:
        dict, the content of `metrics.json`; see `check_metrics`.

    Raises:
        ArgumentError: If the split has no rows or no such targets.
    """
    return evaluate_with(
        model, split, predict_split(model, split), level, resamples, seed
    )


def evaluate_with(model, split, fused, level=0.95, resamples=2000, seed=0):
    """`evaluate`, where the model's own predictions are there already."""
    checks.check_range("evaluate", "level", level, 0.5, 0.9999)
    outputs = scored_outputs(model)
    if not outputs:
        raise ArgumentError(
            f"`{model.name}` has no output to score: all of them learn from "
            f"another's target. Received: {sorted(model.tasks)}."
        )

    def intervals(predictions):
        rows = row_scores(model, outputs, predictions, split)
        return {
            output: bootstrap_interval(
                rows[output], split.groups, level, resamples, seed
            ).to_dict()
            for output in outputs
        }

    scores = {
        output: {**kind_of(model.tasks[output]), "fused": interval}
        for output, interval in intervals(fused).items()
    }
    for name, others in maskable(model).items():
        masked = intervals(predict_split(model, split, absent=others))
        for output in outputs:
            parts = scores[output].setdefault("masked", {})
            parts[name] = masked[output]
    curves = missing_curves(
        model,
        split,
        fused,
        outputs,
        level=level,
        resamples=resamples,
        seed=seed,
    )
    for output, parts in curves.items():
        scores[output]["missing"] = parts
    if split.ceiling and len(outputs) == 1:
        ceiling = ceiling_of(model, split)
        if ceiling:
            scores[outputs[0]]["ceiling"] = ceiling
    metrics = {
        "format": 1,
        "split": split.name,
        "rows": len(split),
        "interval": {
            "level": float(level),
            "method": "bootstrap",
            "unit": split.unit,
            "units": count_units(len(split), split.groups),
        },
        "outputs": scores,
    }
    check_metrics(metrics)
    return metrics


def kind_of(task) -> dict:
    """What a task's score is, as `metrics.json` says it.

    That more is better, and that it is a share, goes without saying.
    """
    kind = {"metric": task.metric}
    if not task.higher_is_better:
        kind["higher_is_better"] = False
    if task.unit != "share":
        kind["unit"] = task.unit
    return kind


def maskable(model) -> dict:
    """Modalities that can be had without the others, and these others."""
    return {
        name: others
        for name in sorted(model.modalities)
        if (others := [other for other in model.modalities if other != name])
        and all(model.modalities[other]["flag"] for other in others)
    }


def ceiling_of(model, split) -> dict:
    """The split's ceilings that hold for this model.

    The ceiling of all modalities together says nothing about a model that has
    only some of them.
    """
    single = {name for name in split.ceiling if name != "fused"}
    kept = {name for name in single if name in model.modalities}
    if single <= set(model.modalities) and "fused" in split.ceiling:
        kept.add("fused")
    return {name: float(split.ceiling[name]) for name in sorted(kept)}
