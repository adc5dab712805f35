"""Rows mixed with other rows of their batch, and their targets alike."""

import copy

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import SEVERAL
from mmfusion.errors import ArgumentError

# Of `Modality.content`: codes of words and of categories are no amounts.
_NO_AMOUNTS = ("ids", "table")


class Mixup:
    """Mixes each row with another one of its batch, and their targets alike.

        x_b <- a_b x_b + (1 - a_b) x_o(b)        # o: the batch, shuffled
        y_b <- a_b y_b + (1 - a_b) y_o(b)        # a_b ~ Beta(alpha, alpha)

    Labels become rows of probabilities `(batch, classes)`, float32; numbers
    and several labels are mixed as they are. Where rows have weights, targets
    are mixed by them, too, and the weights like numbers, so that the loss is
    that of both rows, each with its own weight.

    Nothing is faked: a row stays itself where the other one has another set of
    modalities, or of steps that count. Modalities that are not mixed stay those
    of the row.

    Args:
        alpha: float above 0. Small: mostly one row. Defaults to 0.2.
        per: `"row"`, or `"batch"`: one share for all rows of a batch.
        modalities: names of those to mix. Defaults to all.

    Raises:
        ArgumentError: If an argument does not fit.

    Example:

    >>> x, y = {"v": tf.eye(2)}, {"label": tf.constant([0, 1])}
    >>> x, y = Mixup(alpha=1.0)(x, y, None, (0, 1), {"label": 2})
    >>> bool(tf.reduce_all(tf.abs(x["v"] - y["label"]) < 1e-6))
    True

    Reference:
        - [Zhang et al., 2017](https://arxiv.org/abs/1710.09412).
    """

    def __init__(self, alpha=0.2, per="row", modalities=None):
        checks.check_range("Mixup", "alpha", alpha, 1e-3, 100)
        checks.check_choice("Mixup", "per", per, ("row", "batch"))
        if modalities is not None and (
            not isinstance(modalities, (list, tuple)) or not modalities
        ):
            raise ArgumentError(
                "`Mixup` expects `modalities` to be a list of names. "
                f"Received: {modalities!r}."
            )
        self.alpha = alpha
        self.per = per
        self.modalities = None if modalities is None else list(modalities)

    def settings(self) -> dict:
        """Its arguments, plain values."""
        return {
            "alpha": self.alpha,
            "per": self.per,
            "modalities": copy.copy(self.modalities),
        }

    def only(self, names):
        """`Mixup` of those of its modalities, or None where none is left."""
        if self.modalities is None:
            return self
        kept = [name for name in self.modalities if name in names]
        return Mixup(self.alpha, self.per, kept) if kept else None

    def check(self, inputs):
        """Every modality that is mixed is made of amounts.

        Args:
            inputs: dict of modality name to modality object.

        Raises:
            ArgumentError: If one is not, or there is no such modality.
        """
        for name in self.modalities or ():
            if name not in inputs:
                raise checks.unknown("modality in mixup", name, inputs)
        for name in self.modalities or sorted(inputs):
            modality = inputs[name]
            content = (modality.content or "").removeprefix(SEVERAL)
            if content in _NO_AMOUNTS or modality.dtype != "float32":
                raise ArgumentError(
                    f"`mixup` cannot mix {name!r}: codes are no amounts. Name "
                    "those to mix with `modalities`, or train by the method "
                    "`feature_mixup`, which mixes embeddings."
                )

    def __call__(self, inputs, targets, weights, seed, classes):
        """A batch mixed.

        Args:
            inputs: dict of input name to tensor, flags and masks included.
            targets: dict of task name to tensor `(batch, ...)`.
            weights: `(batch,)`, a dict of them by task, or None.
            seed: `(2,)` int32.
            classes: dict of task name to the number of its classes, for
                integer targets.

        Returns:
            Inputs and targets, and weights where there are some.
        """
        rows = tf.shape(next(iter(inputs.values())))[0]
        seeds = tf.random.split(seed, 3)
        other = tf.random.experimental.stateless_shuffle(
            tf.range(rows), seeds[0]
        )
        count = rows if self.per == "row" else 1
        # Float64: of a small alpha, both would often be zero.
        a, b = (
            tf.random.stateless_gamma([count], s, self.alpha, dtype=tf.float64)
            for s in (seeds[1], seeds[2])
        )
        share = tf.cast(tf.math.divide_no_nan(a, a + b), "float32")
        share = tf.where(_alike(inputs, other), share, 1.0)
        mixed = {
            name: _mix(x, other, share) if self._mixes(name, inputs) else x
            for name, x in inputs.items()
        }
        targets = {
            task: _as_numbers(y, classes.get(task))
            for task, y in targets.items()
        }
        if weights is None:
            targets = {n: _mix(y, other, share) for n, y in targets.items()}
            return mixed, targets
        by_task = weights if isinstance(weights, dict) else {}
        out = {}
        for task, y in targets.items():
            weight = by_task.get(task, weights)
            total = _mix(weight, other, share)
            parts = _mix(y * _wide(weight, y), other, share)
            out[task] = tf.math.divide_no_nan(parts, _wide(total, y))
        weights = tf.nest.map_structure(
            lambda weight: _mix(weight, other, share), weights
        )
        return mixed, out, weights

    def _mixes(self, name, inputs):
        flag = inputs[name].dtype == tf.bool
        return not flag and (self.modalities is None or name in self.modalities)


def mixup(given):
    """`Mixup` of what a user gave: one, its `alpha`, or its arguments.

    Args:
        given: `Mixup`, float, dict, or None.

    Returns:
        `Mixup`, or None.

    Raises:
        ArgumentError: If it is something else, or an argument does not fit.

    Example:

    >>> mixup(0.4).settings()
    {'alpha': 0.4, 'per': 'row', 'modalities': None}
    """
    if given is None or isinstance(given, Mixup):
        return given
    if isinstance(given, dict):
        return checks.call("mixup", Mixup, given)
    return Mixup(given)


def _alike(inputs, other):
    """Rows with the same flags and masks as the other ones: `(batch,)`."""
    same = tf.fill(tf.shape(other), True)
    for x in inputs.values():
        if x.dtype == tf.bool:
            equal = tf.reshape(x == tf.gather(x, other), (tf.size(other), -1))
            same &= tf.reduce_all(equal, axis=1)
    return same


def _as_numbers(y, classes):
    return tf.one_hot(y, classes) if y.dtype.is_integer else y


def _mix(x, other, share):
    share = tf.cast(_wide(share, x), x.dtype)
    return share * x + (1.0 - share) * tf.gather(x, other)


def _wide(row_values, x):
    """`(batch,)` as `(batch, 1, ...)`, of the rank of `x`."""
    ones = [1] * (len(x.shape) - 1)
    return tf.reshape(row_values, [-1, *ones])
