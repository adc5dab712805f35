"""Weights of classes, as weights of rows."""

import numpy as np

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError

SCHEMES = ("balanced", "effective")


def class_weights(labels, num_classes, scheme="balanced", beta=0.999):
    """A weight for each class, larger the rarer it is.

        w_c = n / (classes n_c)                       # "balanced"
        w_c ~ (1 - beta) / (1 - beta^n_c)             # "effective"

    The second lies between none (`beta=0`) and the first (`beta` near 1); it
    is scaled so that the rows weigh one on average, as the first does.

    Args:
        labels: int array `(rows,)`, of the training split.
        num_classes: int.
        scheme: `"balanced"` or `"effective"`. Defaults to `"balanced"`.
        beta: float in `[0, 1)`, of the second. Defaults to 0.999.

    Returns:
        Float64 array `(num_classes,)`; zero for a class without a row.

    Raises:
        ArgumentError: If a label is not in `0..num_classes - 1`, or there is
            none.

    Example:

    >>> [float(w) for w in class_weights([0, 0, 0, 1], 2)]
    [0.6666666666666666, 2.0]

    Reference:
        - [Cui et al., 2019](https://arxiv.org/abs/1901.05555), the effective
          number of samples; there the weights of the classes average one.
    """
    who = "class_weights"
    checks.check_positive(who, num_classes=num_classes)
    checks.check_choice(who, "scheme", scheme, SCHEMES)
    checks.check_range(who, "beta", beta, 0, 1 - 1e-9)
    labels = np.asarray(labels)
    if labels.size == 0 or labels.dtype.kind not in "iu":
        raise ArgumentError(
            f"`{who}` expects `labels` to be whole numbers. "
            f"Received: {labels.dtype}, shape={labels.shape}."
        )
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ArgumentError(
            f"`{who}` expects labels 0..{num_classes - 1}. "
            f"Received: {labels.min()}..{labels.max()}."
        )
    counts = np.bincount(labels.ravel(), minlength=num_classes)
    there = counts > 0
    weights = np.zeros(num_classes)
    if scheme == "balanced":
        weights[there] = 1 / counts[there]
    else:
        # 1 - beta^n, without loss of digits for a beta near one.
        powers = counts[there] * np.log(max(beta, 1e-300))
        weights[there] = (1 - beta) / -np.expm1(powers)
    return weights * labels.size / (weights * counts).sum()


def class_targets(split):
    """Names of the targets that say one class of each row."""
    return [
        name
        for name, y in split.targets.items()
        if np.ndim(y) == 1 and np.asarray(y).dtype.kind in "iu"
    ]


def check_balanced(split, name):
    """Refuses a target whose classes cannot be equally frequent.

    Args:
        split: `data.Split`, the training split.
        name: str. The target.

    Raises:
        ArgumentError: If there is none of that name, or it has no classes.
    """
    checks.check_choice("training", "balanced", name, sorted(split.targets))
    if name not in class_targets(split):
        raise ArgumentError(
            "`training` expects `balanced` to name a target with one class a "
            f"row. Received: {name!r}, which has labels or numbers."
        )


def row_weights(split, scheme="balanced", beta=0.999):
    """The weight of each row's class, for each target of a split.

    One for each row where a target has labels or numbers instead of classes.
    Folded into the weights of rows, class weights are right for a model of
    several outputs, which Keras' `class_weight` refuses:

        model.fit(split.batches(64, weight=row_weights(split)))

    Args:
        split: `data.Split` with targets: the training split.
        scheme, beta: as `class_weights` takes them.

    Returns:
        Dict of target name to float64 array `(rows,)`.

    Raises:
        ArgumentError: As `class_weights`, or if no target has classes.
    """
    known = class_targets(split)
    if not known:
        raise ArgumentError(
            "`class_weights` weigh rows by their class. Received: targets "
            f"{sorted(split.targets)}, which have labels or numbers."
        )
    weights = {}
    for name, y in split.targets.items():
        weights[name] = np.ones(len(y))
        if name in known:
            of = class_weights(y, len(split.classes[name]), scheme, beta)
            weights[name] = of[y]
    return weights


def check_loss(plain):
    """Refuses a loss that there is not, or a setting that it has not.

    Args:
        plain: dict of `"name"` and the loss's settings.

    Raises:
        ArgumentError: If it names no registered loss.
    """
    if not isinstance(plain, dict) or "name" not in plain:
        raise ArgumentError(
            "`training` expects `loss` to have a name, such as "
            f"{{'name': 'focal'}}. Received: {plain!r}."
        )
    loss = registry.get("loss", plain["name"])
    known = dict.fromkeys(["name", *checks.parameters(loss)])
    checks.check_keys(f"loss {plain['name']}", plain, known)


def check_once(plain, class_weights, balanced):
    """Refuses to correct for rare classes twice.

    A loss adjusted by the classes' frequencies expects rows as they are.

    Args:
        plain: dict of `"name"` and the loss's settings.
        class_weights: str or None, of the rules.
        balanced: str or None, of the rules.

    Raises:
        ArgumentError: If it takes priors and rows are weighted or drawn, too.
    """
    other = "class_weights" if class_weights else "balanced"
    takes = checks.parameters(registry.get("loss", plain["name"]))
    if "priors" in takes and (class_weights or balanced):
        raise ArgumentError(
            f"`training` corrects for rare classes twice: by the loss "
            f"{plain['name']!r} and by `{other}`. Leave out one of them."
        )


def task_losses(plain, model, split):
    """The loss of each output that tells classes, by a recipe's settings.

    A loss that wants `priors` and is not given them has the number of rows of
    each class.

    Args:
        plain: dict of `"name"` and the loss's settings, or None.
        model: a `FusionModel`.
        split: `data.Split`, the training split.

    Returns:
        Dict of output name to loss; empty where `plain` is None.

    Raises:
        ArgumentError: If no output tells classes.
    """
    if plain is None:
        return {}
    if all(task.gives != "probabilities" for task in model.tasks.values()):
        raise ArgumentError(
            f"The loss {plain['name']!r} needs probabilities of classes, which "
            f"no output of `{model.name}` gives. Received: "
            f"{sorted(model.tasks)}. Leave out `loss`."
        )
    settings = {key: x for key, x in plain.items() if key != "name"}
    make = registry.get("loss", plain["name"])
    losses = {}
    for name, task in model.tasks.items():
        if task.gives != "probabilities":
            continue
        own = dict(settings)
        if "priors" in checks.parameters(make) and "priors" not in own:
            labels = split.targets[task.target]
            counts = np.bincount(labels, minlength=len(task.classes))
            # A class without a row has no prior; half a row stands for it.
            own["priors"] = np.maximum(counts, 0.5).tolist()
        losses[name] = checks.call("loss", make, own)
    return losses
