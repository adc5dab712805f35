"""One class out of several."""

import numpy as np
from keras import ops

from mmfusion import registry
from mmfusion.errors import ArgumentError
from mmfusion.losses import LogLoss
from mmfusion.metrics import ClassAccuracy
from mmfusion.tasks.base import Task, class_list


@registry.register("task", "classification")
class Classification(Task):
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

    Raises:
        ArgumentError: If there are fewer than two classes, or two are the same.

    Example:

    >>> import numpy as np
    >>> task = Classification(["cat", "dog"])
    >>> task(np.ones((3, 5), "float32")).shape[1], task.classes
    (2, ['cat', 'dog'])
    >>> task.answer(np.array([0.25, 0.75]))
    {'': 'dog', '_probability': 0.75}
    """

    gives = "probabilities"
    metric = "accuracy"
    unit = "share"
    claim = "{name} answers {score} of the rows correctly"

    def __init__(self, classes, head=True, target=None, name="label", **kwargs):
        super().__init__(head, target, name, **kwargs)
        self.classes = class_list("Classification", "classes", classes, 2)

    def link(self, logits):
        return ops.softmax(logits)

    def get_config(self):
        return {**super().get_config(), "classes": self.classes}

    def default_loss(self):
        """`LogLoss`: for integer labels and rows of probabilities alike."""
        return LogLoss()

    def default_metrics(self):
        """Accuracy."""
        return [ClassAccuracy(name="accuracy")]

    def row_scores(self, predictions, targets):
        """1 where the most probable class is the true one, else 0.

        Args:
            predictions: float array `(rows, classes)`.
            targets: int array `(rows,)`.

        Returns:
            Float array `(rows,)`, whose mean is the accuracy.
        """
        best = np.argmax(predictions, axis=-1)
        return (best == np.asarray(targets).reshape(-1)).astype("float64")

    def baseline(self, targets):
        """The score of the best constant answer, and what it is.

        Args:
            targets: int array `(rows,)`.

        Returns:
            float, str.
        """
        targets = np.asarray(targets).reshape(-1)
        share = float(np.bincount(targets).max() / len(targets))
        return share, "always the most frequent class"

    def answer(self, values):
        """One row's prediction as plain values, by what its key ends in.

        Args:
            values: float array `(classes,)`, or None: there is no answer.

        Returns:
            `{"": class, "_probability": float}`, None for each without answer.
        """
        if values is None:
            return {"": None, "_probability": None}
        best = int(np.argmax(values))
        return {"": self.classes[best], "_probability": float(values[best])}

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
