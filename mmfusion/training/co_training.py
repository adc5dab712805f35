"""Two views teach each other on rows without labels."""

import dataclasses

import keras
import numpy as np

from mmfusion import checks, registry
from mmfusion.data.joined import Parts, join
from mmfusion.data.narrow import NarrowData
from mmfusion.errors import ArgumentError
from mmfusion.models import alone
from mmfusion.training.fit import fit
from mmfusion.training.plan import Plan, need_classes


@dataclasses.dataclass(frozen=True)
class PseudoLabels:
    """Labels that models gave to rows without one.

    Attributes:
        rows: int array, indices into the unlabelled rows, as they were chosen.
        labels: int array, what each was taken for.
        probabilities: float array, how sure the view was.
        views: list of str, the modality that chose each.
        rounds: int array, in which round, from 0.
    """

    rows: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray
    views: list
    rounds: np.ndarray

    def __len__(self):
        return len(self.rows)


def co_training(
    model, labelled, unlabelled, rules, rounds=10, growth=0.1, pool=None
):
    """Labels rows that have none: each modality for the others (co-training).

    A model of each modality alone learns from the labelled rows. In each round
    it chooses, of a random pool, the rows of each class that it is surest of;
    they join the labelled rows of all models, which go on learning by the same
    rules, with an optimizer of their own in each round. It helps
    where each modality alone can tell the class, and they err on different
    rows.

    Args:
        model: a `FusionModel` of two modalities or more, untrained; it stays
            so. Its single models are `models.alone`.
        labelled: `data.Split` with a target.
        unlabelled: `data.Split` of the same inputs; targets are not looked at.
        rules: `training.Rules`; `epochs` is that of each round.
        rounds: int. Defaults to 10.
        growth: float in 0..1. How many rows each view adds in a round, as a
            part of the labelled rows, each class by its share of them and one
            at least. Defaults to 0.1.
        pool: int or None. Rows to choose from in a round. None: all.

    Returns:
        `PseudoLabels`; `data.joined.join` puts the rows to the labelled ones.

    Raises:
        ArgumentError: If there is one modality only, or several targets, or
            the task gives no probabilities of classes.

    Reference:
        - [Blum and Mitchell, 1998](https://doi.org/10.1145/279943.279962): two
          views, two classes; there a round begins the models anew.
    """
    who = "co_training"
    checks.check_positive(who, rounds=rounds)
    checks.check_range(who, "growth", growth, 1e-6, 1)
    if pool is not None:
        checks.check_positive(who, pool=pool)
    need_classes(who, model.main_tasks)
    targets = {task.target for task in model.main_tasks.values()}
    if len(model.modalities) < 2 or len(targets) != 1:
        raise ArgumentError(
            f"`{who}` expects a model of two modalities or more and one "
            f"target. Received: {sorted(model.modalities)}, {sorted(targets)}."
        )
    (output, *_), (target,) = model.main_tasks, targets
    random = np.random.default_rng(rules.seed)
    keras.utils.set_random_seed(rules.seed)
    views = {name: alone(model, name) for name in sorted(model.modalities)}
    y = np.asarray(labelled.targets[target])
    more, _ = unlabelled.arrays()
    classes = len(model.main_tasks[output].classes)
    counts = np.bincount(y, minlength=classes) / len(y)
    wanted = np.maximum(1, np.round(growth * len(y) * counts)).astype(int)
    free = np.ones(len(unlabelled), bool)
    chosen = []
    for turn in range(rounds):
        rows = [row for row, *_ in chosen]
        labels = [label for _, label, *_ in chosen]
        known = join(labelled, unlabelled.take(rows), {target: labels})
        left = np.flatnonzero(free)
        if pool is not None and len(left) > pool:
            left = random.choice(left, pool, replace=False)
        if not len(left):
            break
        for name, view in views.items():
            # The weights go on; the optimizer and its schedule begin anew.
            fit(view, NarrowData(Parts(known), view), rules)
            left = left[free[left]]
            if not len(left):
                break
            rest = {k: v[left] for k, v in more.items()}
            p = view.predict(_narrow(rest, view), verbose=0)[output]
            there = _there(rest, view)
            for label in range(classes):
                sure = np.where(there & (p.argmax(1) == label), p[:, label], -1)
                best = np.argsort(-sure, kind="stable")[: wanted[label]]
                for at in best[sure[best] > 0]:
                    chosen.append((left[at], label, sure[at], name, turn))
                    free[left[at]] = False
    columns = list(zip(*chosen, strict=True)) or [(), (), (), (), ()]
    return PseudoLabels(
        np.array(columns[0], int),
        np.array(columns[1], int),
        np.array(columns[2], float),
        list(columns[3]),
        np.array(columns[4], int),
    )


def _narrow(inputs, view):
    known = {tensor.name for tensor in view.inputs}
    return {name: x for name, x in inputs.items() if name in known}


def _there(inputs, view):
    """Rows that have the modality of a view: of others it knows nothing."""
    (part,) = view.modalities.values()
    some = inputs[part["inputs"][0]]
    return inputs.get(part["flag"], np.ones(len(some), bool))


@registry.register("method", "co_training", paths=("unlabelled",))
def co_trained(
    model, data, rules, unlabelled, rounds=10, growth=0.1, pool=None
):
    """`co_training` by its name in a recipe; then all rows train the model.

    Args:
        model, data, rules: as `training.fit` has them.
        unlabelled: path of a table with the same columns but the target, or a
            `data.Split`.
        rounds, growth, pool: as `co_training` takes them.

    Returns:
        `Plan`.
    """
    need_classes("co_training", model.main_tasks)  # Before it reads.
    if not hasattr(unlabelled, "arrays"):
        unlabelled = data.like(unlabelled)
    bad = [
        f"{key}: {what}"
        for key, what in zip(unlabelled.ids(), unlabelled.status, strict=True)
        if what != "ok"
    ]
    if bad:
        raise ArgumentError(
            f"`{unlabelled.name}` has {len(bad)} rows that cannot be read: "
            f"{'; '.join(bad[:5])}. Mend or remove them."
        )
    found = co_training(
        model, data.train, unlabelled, rules, rounds, growth, pool
    )
    (target,) = data.train.targets
    train = join(
        data.train, unlabelled.take(found.rows), {target: found.labels}
    )
    return Plan(model, Parts(train, data.validation))
