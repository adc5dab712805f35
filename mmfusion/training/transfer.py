"""Learning a task with the help of another one's rows."""

import numpy as np
import tensorflow as tf
from keras import ops

from mmfusion import checks, registry
from mmfusion.data.joined import Parts
from mmfusion.errors import ArgumentError
from mmfusion.models import with_tasks
from mmfusion.tasks import Classification, MultiLabel, Regression
from mmfusion.training.method import Method
from mmfusion.training.plan import Plan


def transfer_batches(
    source,
    target,
    size,
    weight=1.0,
    share=0.5,
    row_weights=None,
    balanced=None,
    augment=None,
    mixup=None,
):
    """Batches of two data sets, each with tasks of its own (transfer learning).

    For a target task with few rows, and a source task with many rows of the
    same inputs: one model with a head for each learns from both,

        loss = mean over the target's rows + weight mean over the source's

    which the weights of the rows bring about, times those of `row_weights`. An
    epoch is a pass over the target, beside which the source runs in a new
    order.

    Args:
        source: `data.Split` with the rows of the source task.
        target: `data.Split` of the same modalities, with other tasks.
        size: int. Rows of a batch, of both together.
        weight: float, 0 or more: lambda. Defaults to 1.
        share: float in 0..1. The part of a batch that is of the source.
            Defaults to 0.5.
        row_weights: dict of task name, of source or target, to `(rows,)`, as
            `training.row_weights` gives it. Defaults to one for each row.
        balanced: str. A task whose classes shall be equally frequent, as
            `Split.batches` takes it.
        augment, mixup: as `Split.batches` takes them, for the rows of both;
            rows of one are mixed with rows of the same.

    Returns:
        `tf.data.Dataset` of `(inputs, {task: (batch,)}, {task: (batch,)})`:
        what `FusionModel.fit` takes. A task that a row has no target for has
        target 0 and weight 0 there.

    Raises:
        ArgumentError: If the inputs of the two differ, or a task is in both.

    Reference:
        - [Pan and Yang, 2010](https://doi.org/10.1109/TKDE.2009.191) define
          transfer from a source task to a target task; the weighted sum of
          both losses is the plainest way to it.
    """
    who = "transfer_batches"
    checks.check_range(who, "weight", weight, 0, 1e6)
    checks.check_range(who, "share", share, 0.01, 0.99)
    checks.check_positive(who, size=size)
    theirs = max(1, min(size - 1, round(size * share)))
    if size < 2:
        raise ArgumentError(
            f"`{who}` expects batches of two rows or more. Received: {size}."
        )
    more = {"augment": augment, "mixup": mixup}
    from_source = _batches(source, theirs, row_weights, balanced, more)
    from_target = _batches(target, size - theirs, row_weights, balanced, more)
    specs = from_source.element_spec[0], from_target.element_spec[0]
    if specs[0] != specs[1]:
        raise ArgumentError(
            f"`{who}` expects the same inputs from both. Received: "
            f"{_shown(specs[0])} and {_shown(specs[1])}."
        )
    both = sorted(set(source.targets) & set(target.targets))
    if both or not source.targets or not target.targets:
        raise ArgumentError(
            f"`{who}` expects tasks of their own from both, under different "
            f"names. Received: {sorted(source.targets)} and "
            f"{sorted(target.targets)}."
        )

    def joined(ours, other):
        (x, y, w), (more_x, more_y, more_w) = ours, other
        n, m = _rows(x), _rows(more_x)
        inputs = {name: tf.concat([x[name], more_x[name]], 0) for name in x}
        whole = tf.cast(n + m, "float32")
        up = whole / tf.cast(n, "float32")
        across = weight * whole / tf.cast(m, "float32")
        targets, weights = {}, {}
        for task, labels in y.items():
            targets[task] = tf.concat([labels, _nothing(m, labels)], 0)
            weights[task] = tf.concat([up * w[task], tf.zeros([m])], 0)
        for task, labels in more_y.items():
            targets[task] = tf.concat([_nothing(n, labels), labels], 0)
            weights[task] = tf.concat([tf.zeros([n]), across * more_w[task]], 0)
        return inputs, targets, weights

    dataset = tf.data.Dataset.zip(from_target, from_source.repeat())
    dataset = dataset.map(joined, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.prefetch(tf.data.AUTOTUNE)
    dataset.batch_size = size
    dataset.altered_by = "transfer"
    return dataset


def _batches(split, size, row_weights, balanced, more):
    """Batches of one of both, with a weight of each row for each of its tasks.

    Where there are none, ones.
    """
    given = row_weights or {}
    settings = {
        "weight": {
            task: given.get(task, np.ones(len(split), "float32"))
            for task in split.targets
        }
    }
    if balanced in split.targets:
        settings["balanced"] = balanced
    return split.batches(size, **settings, **more)


def _nothing(rows, labels):
    """Targets of rows that have none, like those of others."""
    return tf.zeros([rows, *labels.shape[1:]], labels.dtype)


def _rows(inputs):
    return tf.shape(next(iter(inputs.values())))[0]


def _shown(specs):
    return {name: tuple(spec.shape)[1:] for name, spec in specs.items()}


class Transfer(Method):
    """Trains a model and heads of a source task on `transfer_batches`.

    A row without a target for a task, whose weight is 0 there, has no part in
    the metrics of the task; those of the source are not reported.

    Args:
        model: a `FusionModel`, as `with_tasks` makes it of the one that is
            kept.
        source: names of the source's tasks, outputs of `model`.
        name: str. Defaults to the name of the model.
    """

    def __init__(self, model, source, name=None, **kwargs):
        super().__init__(model, name, **kwargs)
        self.source = frozenset(source)

    def compile(self, optimizer="rmsprop", loss=None, metrics=None, **kwargs):
        own = {n: m for n, m in (metrics or {}).items() if n not in self.source}
        super().compile(optimizer, loss, weighted_metrics=own, **kwargs)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        known = sample_weight and {
            task: ops.cast(weights > 0, "float32")
            for task, weights in sample_weight.items()
        }
        return super().compute_metrics(x, y, y_pred, known)


@registry.register("method", "transfer", paths=("source",))
def transferred(
    model,
    data,
    rules,
    source,
    target=None,
    weight=1.0,
    share=0.5,
    weights=None,
):
    """Transfer learning by its name in a recipe.

    The model gets a head more for each task of the source while it learns.

    Args:
        model, data, rules, weights: as `training.fit` has them.
        source: path of a table with the same columns but the target, or a
            `data.Split` with tasks of its own.
        target: str. The column of the table that the source learns.
        weight, share: as `transfer_batches` takes them.

    Returns:
        `Plan`.

    Raises:
        ArgumentError: If `source` is a path and `target` is not given, or the
            rules put rows into buckets, of which both would have their own.
    """
    if rules.buckets:
        raise ArgumentError(
            "The method 'transfer' joins rows of two tables in a batch, whose "
            f"lengths differ. Received: buckets={rules.buckets!r}. Leave out "
            "`buckets`."
        )
    if not hasattr(source, "batches"):
        if target is None:
            raise ArgumentError(
                "The method 'transfer' needs `target`, the column of "
                f"`{source}` that the source learns."
            )
        source = data.like(source, target={"source": target})
    tasks = [_task(name, y, source) for name, y in source.targets.items()]
    train = _Both(source, data.train, weight, share)
    held = data.validation and _Held(data.validation, source.targets)
    if weights is not None:
        weights = {**weights, **dict.fromkeys(source.targets, 1.0)}
    trainee = Transfer(
        with_tasks(model, tasks), source.targets, dtype=model.dtype_policy
    )
    return Plan(trainee, Parts(train, held), weights)


def _task(name, y, source):
    """The task for a target of the source, by what its values are."""
    classes = source.classes.get(name)
    if not len(classes or ()):
        deviation = float(np.std(y))
        return Regression(float(np.mean(y)), deviation or 1.0, name=name)
    kind = Classification if np.ndim(y) == 1 else MultiLabel
    return kind(list(classes), name=name)


class _Both:
    """A training split whose batches have rows of two tasks."""

    def __init__(self, source, target, weight, share):
        self.parts = (source, target)
        self.settings = {"weight": weight, "share": share}
        self.targets = source.targets | target.targets
        self.classes = source.classes | target.classes
        self.inputs = target.inputs

    def batches(self, size, weight=None, **settings):
        return transfer_batches(
            *self.parts,
            size,
            **self.settings,
            row_weights=weight,
            **settings,
        )


class _Held:
    """A validation split; the source's heads are not looked at."""

    def __init__(self, split, others):
        self.split = split
        self.others = others

    def batches(self, size):
        def add(x, y):
            rows = _rows(x)
            none = {
                name: tf.zeros([rows, *values.shape[1:]], values.dtype)
                for name, values in self.others.items()
            }
            weights = dict.fromkeys(y, tf.ones([rows]))
            weights |= dict.fromkeys(none, tf.zeros([rows]))
            return x, {**y, **none}, weights

        return self.split.batches(size).map(add)
