"""How much the loss of each head should count, from how each overfits."""

import dataclasses

import keras
import numpy as np

from mmfusion import registry
from mmfusion.data.narrow import NarrowData
from mmfusion.errors import ArgumentError
from mmfusion.models import FusionModel, alone
from mmfusion.tasks import compile_arguments
from mmfusion.training.balance import task_losses
from mmfusion.training.fit import fit
from mmfusion.training.plan import Plan, refuse_weights


@dataclasses.dataclass(frozen=True)
class Blend:
    """What `gradient_blending` found.

    Attributes:
        weights: dict of output name to the weight of its loss; their sum is
            one for each target.
        gains: dict of output name to how far the validation loss fell, G.
        overfitting: dict of output name to how far the gap between validation
            and training loss grew, O.
    """

    weights: dict
    gains: dict
    overfitting: dict


def gradient_blending(model, data, rules):
    """Weights of the losses of fused and single heads, by how each overfits.

    The fused model and each modality alone are trained once, by the same
    rules, and thrown away. A head counts more the further its validation loss
    fell, and less the more it overfitted:

        G_k = V_k(0) - V_k(N),  O_k = (V_k - T_k)(N) - (V_k - T_k)(0)
        w_k = (G_k / O_k^2) / sum_j (G_j / O_j^2)

    with V and T the losses on the validation and the training split, before
    training and with the weights of the best epoch, which would be kept. Where
    `rules` name a loss, it is that one; the formula is of any, those of labels
    and numbers, too. A head whose validation loss did not fall has the weight
    0. Then train the model by these weights, `training.fit(..., weights=...)`.
    It costs a training for each modality and one for all.

    Args:
        model: a `FusionModel` with outputs of its modalities
            (`auxiliary=True`), untrained; it stays so.
        data: `Data` with a validation split.
        rules: `training.Rules`.

    Returns:
        `Blend`.

    Raises:
        ArgumentError: If there are no outputs of modalities, no validation
            split, or nothing learned.

    Reference:
        - [Wang et al., 2020](https://arxiv.org/abs/1905.12681), the offline
          form.
    """
    who = "gradient_blending"
    groups = {
        task: [f"{task}_{modality}" for modality in sorted(model.modalities)]
        for task in model.main_tasks
    }
    wanted = {name for group in groups.values() for name in group}
    if not wanted <= set(model.auxiliary):
        raise ArgumentError(
            f"`{who}` expects a model with outputs of its modalities. "
            f"Received: {sorted(model.output)}. Build it with "
            "`auxiliary=True`."
        )
    if data.validation is None:
        raise ArgumentError(
            f"`{who}` measures overfitting on a validation split, and there "
            "is none. Split some rows off."
        )
    gains, overfitting = {}, {}
    keras.utils.set_random_seed(rules.seed)
    joint = FusionModel.from_config(model.get_config())
    only = {n: float(n in model.main_tasks) for n in model.output}
    _measure(
        joint, data, rules, only, {t: t for t in groups}, gains, overfitting
    )
    for modality in sorted(model.modalities):
        keras.utils.set_random_seed(rules.seed)
        single = alone(model, modality)
        names = {task: f"{task}_{modality}" for task in groups}
        _measure(single, data, rules, None, names, gains, overfitting)
    weights = {}
    for task, names in groups.items():
        weights |= _weights(who, [task, *names], gains, overfitting)
    return Blend(weights, gains, overfitting)


def _measure(model, data, rules, weights, names, gains, overfitting):
    """Trains a model; what became of the loss of each of `names`' outputs."""
    narrow = NarrowData(data, model)
    before = _losses(model, narrow, rules, names)
    fit(model, narrow, rules, weights=weights)
    after = _losses(model, narrow, rules, names)
    for name in names.values():
        (train, held), (train_after, held_after) = before[name], after[name]
        gains[name] = held - held_after
        overfitting[name] = (held_after - train_after) - (held - train)


def _losses(model, data, rules, names):
    """By new name of an output, its training and its validation loss."""
    losses = compile_arguments(
        model, losses=task_losses(rules.loss, model, data.train)
    )["loss"]
    found = {name: [] for name in names.values()}
    for split in (data.train, data.validation):
        sums, rows = dict.fromkeys(names, 0.0), 0
        for x, y in split.batches(rules.batch_size, shuffle=False):
            answers = model.predict_on_batch(x)
            for output in names:
                task = model.tasks[output]
                target = y.get(output, y.get(task.target))
                loss = losses[output].call(target, answers[output])
                sums[output] += float(np.sum(loss))
            rows += len(target)
        for output, name in names.items():
            found[name].append(sums[output] / rows)
    return found


def _weights(who, names, gains, overfitting):
    """`G / O^2`, as shares; an overfitting near nothing counts as a little."""
    raw = {
        name: max(gains[name], 0.0) / max(overfitting[name] ** 2, 1e-4)
        for name in names
    }
    total = sum(raw.values())
    if total == 0:
        raise ArgumentError(
            f"`{who}`: no validation loss of {names} fell. Train longer, or "
            "with another learning rate."
        )
    return {name: value / total for name, value in raw.items()}


@registry.register("method", "gradient_blending")
def blended(model, data, rules, weights=None):
    """`gradient_blending` by its name in a recipe; its weights then train."""
    refuse_weights("gradient_blending", weights)
    return Plan(model, data, gradient_blending(model, data, rules).weights)
