"""One class out of several."""

import numbers

import keras
import numpy as np
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.losses import LogLoss
from mmfusion.metrics import ClassAccuracy


@registry.register("task", "classification")
class Classification(keras.layers.Layer):
    """Features to class probabilities, with the loss and metrics that fit.

        p = softmax(W x + b)    # (batch, classes), float32

    A task is a layer, so its class names are saved with the model. The output
    of a model and the task that makes it have the same name; `target` names
    the column of `y` it learns from, its own name unless told otherwise.

    Args:
        classes: list of class names (str or int), in the order of the labels,
            or their number.
        head: bool. Whether there is a layer of weights; without, the features
            are probabilities already. Defaults to True.
        target: str or None. The target it learns from; None: `name`.
        name: str. Name of the output. Defaults to `"label"`.

    Call arguments:
        features: float tensor `(batch, dim)`; `(batch, classes)` without head.

    Returns:
        Float32 tensor `(batch, classes)`, rows sum to one.

    Example:

    >>> import numpy as np
    >>> task = Classification(["cat", "dog"])
    >>> task(np.ones((3, 5), "float32")).shape[1], task.classes
    (2, ['cat', 'dog'])
    """

    def __init__(self, classes, head=True, target=None, name="label", **kwargs):
        # Probabilities stay float32 whatever the policy: they are compared.
        checks.check_task_name(name)
        super().__init__(name=name, **{**kwargs, "dtype": "float32"})
        if isinstance(classes, numbers.Integral):
            classes = range(int(classes))
        if isinstance(classes, str):
            raise ArgumentError(
                "`Classification` expects a list of classes. "
                f"Received: {classes!r}."
            )
        self.classes = list(classes)
        if len(self.classes) < 2 or len(set(self.classes)) < len(self.classes):
            raise ArgumentError(
                "`Classification` expects at least two different classes. "
                f"Received: {self.classes}."
            )
        self.head = head
        self.target = target or name

    def build(self, input_shape):
        if self.head:
            self.logits = keras.layers.Dense(
                len(self.classes), dtype="float32", name="logits"
            )
            self.logits.build(input_shape)
        elif input_shape[-1] != len(self.classes):
            raise ArgumentError(
                f"`{self.name}` has {len(self.classes)} classes and no head. "
                f"Received: probabilities of shape={tuple(input_shape)}."
            )

    def call(self, features):
        return ops.softmax(self.logits(features)) if self.head else features

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], len(self.classes))

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "head": self.head,
            "target": self.target,
        }

    def again(self, name, head=True):
        """A new task of the same kind and target, for another branch."""
        return type(self).from_config(
            {**self.get_config(), "name": name, "head": head}
        )

    def default_loss(self):
        """`LogLoss`: for integer labels and rows of probabilities alike."""
        return LogLoss()

    def default_metrics(self):
        """Accuracy."""
        return [ClassAccuracy(name="accuracy")]

    def check_targets(self, values):
        """Labels in memory are numbers that stand for a class.

        A label that stands for none would train silently on nothing.

        Raises:
            ArgumentError: If one is not; it names the first and its row.
        """
        values = np.asarray(values)
        rows = values.ndim == 2 and values.shape[1] == len(self.classes)
        if values.dtype.kind not in "iufb":
            raise ArgumentError(
                f"`{self.name}` expects labels 0..{len(self.classes) - 1}. "
                f"Received: {values.flat[0]!r}. `mmfusion.data` maps names of "
                "classes to labels."
            )
        if rows or values.size == 0:
            return
        flat = values.reshape(-1)
        bad = ~((flat >= 0) & (flat < len(self.classes)) & (flat == flat // 1))
        if bad.any():
            row = int(np.argmax(bad))
            raise ArgumentError(
                f"`{self.name}` expects labels 0..{len(self.classes) - 1}. "
                f"Received: {flat[row]} in row {row}."
            )
