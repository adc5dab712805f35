"""What a model says about every row of a split, in the rows' order."""

import numpy as np
import tensorflow as tf

from mmfusion.data.narrow import NarrowSplit
from mmfusion.errors import ArgumentError

_BATCH = 256


def predict_split(model, split, absent=()):
    """What a model answers for every row, by output name.

    The model gets the inputs it knows and no others, so that a model of one
    modality can be asked about the split of all of them.

    Args:
        model: `FusionModel`.
        split: `Split`.
        absent: names of modalities that every row is to go without, or a dict
            of name to bool `(rows,)`, which rows; each must be optional in the
            model.

    Returns:
        dict of output name to float array `(rows, classes)`, `(rows, labels)`
        or `(rows, 1)`, as the task gives it.

    Raises:
        ArgumentError: If an output is not finite, or the rows do not match.
    """
    if not isinstance(absent, dict):
        absent = {name: np.ones(len(split), bool) for name in absent}
    kept = {
        model.modalities[name]["flag"]: ~np.asarray(gone)
        for name, gone in absent.items()
    }
    # Not shuffled, the training split included: row i is answer i.
    batches = NarrowSplit(split, model).batches(_BATCH, shuffle=False)
    batches = batches.map(lambda inputs, *_: inputs)
    if kept:
        flags = tf.data.Dataset.from_tensor_slices(kept).batch(_BATCH)
        batches = tf.data.Dataset.zip(batches, flags).map(_without)
    outputs = model.predict(batches, verbose=0)
    for name, values in outputs.items():
        _check_values(name, values, len(split))
    return outputs


def _without(inputs, kept):
    """The inputs of a batch, with less present."""
    # What the data always has may come without a flag.
    less = {
        flag: inputs[flag] & keep if flag in inputs else keep
        for flag, keep in kept.items()
    }
    return {**inputs, **less}


def scored_outputs(model):
    """Names of the outputs that are answers.

    An output that learns from another output's target is a help in training
    (the heads of a late fusion's branches), no answer of its own.
    """
    return [
        name
        for name, task in model.main_tasks.items()
        if task.target == name or task.target not in model.tasks
    ]


def row_scores(model, outputs, predictions, split):
    """The main score of each row, for each output.

    Args:
        model: `FusionModel`.
        outputs: names of outputs.
        predictions: dict of output name to what `predict_split` gave.
        split: `Split` with targets.

    Returns:
        dict of output name to float array `(rows,)`.
    """
    return {
        output: model.tasks[output].row_scores(
            predictions[output], targets_of(model, split, output)
        )
        for output in outputs
    }


def goodness(model, scores):
    """Scores of which more is better: those of errors with another sign.

    Args:
        model: `FusionModel`.
        scores: dict of output name to array `(rows,)`.
    """
    return {
        output: rows if model.tasks[output].higher_is_better else -rows
        for output, rows in scores.items()
    }


def targets_of(model, split, output):
    """An output's target in a split: `(rows,)` or `(rows, labels)`."""
    target = model.tasks[output].target
    if not split.targets or target not in split.targets:
        raise ArgumentError(
            f"The output {output!r} needs the target {target!r}, which the "
            f"split {split.name!r} has not. "
            f"Received: {sorted(split.targets or {})}. Only a labelled split "
            "can be scored."
        )
    return np.asarray(split.targets[target])


def _check_values(name, values, rows):
    if len(values) != rows:
        raise ArgumentError(
            f"The output {name!r} has {len(values)} rows, the split {rows}."
        )
    bad = int(np.sum(~np.all(np.isfinite(values), axis=-1)))
    if bad:
        raise ArgumentError(
            f"The output {name!r} is not finite in {bad} of {rows} rows. "
            "Training has diverged: try a lower learning rate."
        )
