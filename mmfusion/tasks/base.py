"""What all tasks share: a head, a target, and how answers are read."""

import numbers

import keras

from mmfusion import checks
from mmfusion.errors import ArgumentError


class Task(keras.layers.Layer):
    """Features in, an answer out, and how the answer is learned and scored.

    A task is a layer, so that what it needs to be read (classes, a mean) is
    saved with the model. The output of a model and the task that makes it have
    the same name; `target` names the column of `y` it learns from.

    A subclass writes `link(logits)`, from the head's logits to the answer,
    `default_loss`, whose `call` gives `(batch,)`, `default_metrics`,
    `check_targets`, and, in NumPy, `row_scores`, `baseline` and `answer`.

    Attributes:
        gives: str. What the answer is: `"probabilities"` of classes that
            exclude each other, `"labels"`, a probability for each, or
            `"values"`, a number. What cannot deal with one of them says so.
        metric: str. The main score, a mean over rows, and the name of the Keras
            metric that computes it.
        higher_is_better: bool. Of the main score.
        unit: str. Of the main score: `"share"`, 0 to 1, or `"target"`, the
            target's own.
        claim: str. What the main score says, with `{name}` and `{score}`.
        classes: list of class names, or None where there are none.
        chance: float or None. What a decision answers where nothing is present;
            None: 1 / classes.
        spread: float. The size that a difference between answers is seen in.

    Raises:
        ArgumentError: If `name` is no name of a task; when it is built, if it
            has no head and the features are no answers.

    Example:

    >>> import numpy as np
    >>> class Count(Task):
    ...     def link(self, logits):
    ...         return keras.ops.exp(logits)
    >>> task = Count(name="visits")
    >>> tuple(task(np.ones((3, 5), "float32")).shape), task.target
    ((3, 1), 'visits')
    """

    gives = metric = unit = claim = None
    higher_is_better = True
    classes = chance = None
    spread = 1.0

    def __init__(self, head=True, target=None, name="label", **kwargs):
        # Answers stay float32 whatever the policy: they are compared.
        checks.check_task_name(name)
        super().__init__(name=name, **{**kwargs, "dtype": "float32"})
        self.head = head
        self.target = target or name

    @property
    def width(self):
        """Columns of the answer."""
        return 1 if self.classes is None else len(self.classes)

    def build(self, input_shape):
        if self.head:
            self.logits = keras.layers.Dense(
                self.width, dtype="float32", name="logits"
            )
            self.logits.build(input_shape)
        elif input_shape[-1] != self.width:
            raise ArgumentError(
                f"`{self.name}` has {self.width} classes and no head. "
                f"Received: probabilities of shape={tuple(input_shape)}."
                if self.classes
                else f"`{self.name}` has no head and expects one value a row. "
                f"Received: shape={tuple(input_shape)}."
            )

    def call(self, features):
        return self.link(self.logits(features)) if self.head else features

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.width)

    def get_config(self):
        own = {"head": self.head, "target": self.target}
        return {**super().get_config(), **own}

    def again(self, name, head=True):
        """A new task of the same kind and target, for another branch."""
        return type(self).from_config(
            {**self.get_config(), "name": name, "head": head}
        )


def class_list(who, what, classes, least):
    """Names of classes as a list: given so, or how many there are.

    Args:
        who: str. The task.
        what: str. What they are, `"classes"` or `"labels"`.
        classes: list of str or int, or int.
        least: int. How many there must be.

    Raises:
        ArgumentError: If they are too few, or two are the same.
    """
    if isinstance(classes, numbers.Integral):
        classes = range(int(classes))
    if isinstance(classes, str):
        raise ArgumentError(
            f"`{who}` expects a list of {what}. Received: {classes!r}."
        )
    classes = list(classes)
    if len(classes) < least or len(set(classes)) < len(classes):
        count = {1: "one or more", 2: "at least two"}[least]
        raise ArgumentError(
            f"`{who}` expects {count} different {what}. Received: {classes}."
        )
    return classes
