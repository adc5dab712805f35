"""Any number of labels out of several."""

import keras
import numpy as np

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.losses import BinaryLogLoss
from mmfusion.metrics import SamplesF1
from mmfusion.ops import open_sigmoid
from mmfusion.tasks.base import Task, class_list


@registry.register("task", "multi_label")
class MultiLabel(Task):
    """Features to a probability for each label, none excluding another.

        p = sigmoid(W x + b)    # (batch, labels), float32

    For tags, genres, findings: a row has some of the labels, all or none. A
    label is answered where its probability is above `threshold`. The sigmoid is
    `ops.open_sigmoid`: never zero and never one, so that a confident mistake
    keeps its gradient, although float32 cannot tell 1 - 1e-9 from one.

    Args:
        classes: list of labels (str or int), in the order of the columns of the
            target, or their number.
        head: bool. Whether there is a layer of weights; without, the features
            are probabilities already. Defaults to True.
        target: str or None. The target it learns from; None: `name`.
        name: str. Name of the output. Defaults to `"label"`.
        threshold: float between 0 and 1. Of answers and F1 scores. Defaults to
            0.5.

    Call arguments:
        features: float tensor `(batch, dim)`; `(batch, labels)` without head.

    Returns:
        Float32 tensor `(batch, labels)`, each between 0 and 1.

    Raises:
        ArgumentError: If there is no label, two are the same, or `threshold`
            is not between 0 and 1.

    Example:

    >>> import numpy as np
    >>> task = MultiLabel(["red", "round", "soft"])
    >>> task(np.ones((3, 5), "float32")).shape[1]
    3
    >>> task.answer(np.array([0.75, 0.25, 1.0]))[""]
    ['red', 'soft']
    """

    gives = "labels"
    metric = "samples_f1"
    unit = "share"
    claim = "{name} reaches a samples F1 of {score}"
    chance = 0.5

    def __init__(
        self,
        classes,
        head=True,
        target=None,
        name="label",
        threshold=0.5,
        **kwargs,
    ):
        super().__init__(head, target, name, **kwargs)
        self.classes = class_list("MultiLabel", "labels", classes, 1)
        checks.check_between("MultiLabel", "threshold", threshold, 0, 1)
        self.threshold = threshold

    def link(self, logits):
        return open_sigmoid(logits)

    def get_config(self):
        own = {"classes": self.classes, "threshold": self.threshold}
        return {**super().get_config(), **own}

    def default_loss(self):
        """`BinaryLogLoss`, the mean over the labels."""
        return BinaryLogLoss()

    def default_metrics(self):
        """F1: of each row's labels, of all labels as one, of each label."""
        return [
            SamplesF1(self.threshold, name="samples_f1"),
            *(
                keras.metrics.F1Score(
                    average=average,
                    threshold=self.threshold,
                    name=f"{average}_f1",
                )
                for average in ("micro", "macro")
            ),
        ]

    def row_scores(self, predictions, targets):
        """F1 of each row's labels: `2 both / (true + answered)`.

        Args:
            predictions: float array `(rows, labels)`.
            targets: array `(rows, labels)` of 0 and 1.

        Returns:
            Float array `(rows,)`, whose mean is the samples F1; 1 where there
            is no label and none is answered.
        """
        answered = np.asarray(predictions) > self.threshold
        true = np.asarray(targets) > 0.5
        return _f1((true & answered).sum(1), true.sum(1), answered.sum(1))

    def baseline(self, targets):
        """The score of the best constant answer, and what it is.

        Args:
            targets: array `(rows, labels)` of 0 and 1.

        Returns:
            float, str. Of answers that are the n most frequent labels.
        """
        true = np.asarray(targets) > 0.5
        order = np.argsort(-true.sum(0), kind="stable")
        both = np.cumsum(true[:, order], axis=1)
        both = np.concatenate([np.zeros((len(true), 1)), both], axis=1)
        counts = np.arange(both.shape[1])
        scores = _f1(both, true.sum(1)[:, None], counts[None, :]).mean(0)
        best = int(np.argmax(scores))
        words = {0: "never a label", 1: "always the most frequent label"}
        words = words.get(best, f"always the {best} most frequent labels")
        return float(scores[best]), words

    def answer(self, values):
        """One row's prediction as plain values, by what its key ends in.

        Args:
            values: float array `(labels,)`, or None: there is no answer.

        Returns:
            `{"": list of labels, "_probability": {label: float}}`, None for
            each without answer.
        """
        if values is None:
            return {"": None, "_probability": None}
        pairs = list(zip(self.classes, values, strict=True))
        return {
            "": [label for label, p in pairs if p > self.threshold],
            "_probability": {label: float(p) for label, p in pairs},
        }

    def check_targets(self, values):
        """Targets in memory are a row of zeros and ones for each row.

        Raises:
            ArgumentError: If not; it names the first and its row.
        """
        values, count = np.asarray(values), len(self.classes)
        if values.dtype.kind not in "iufb" or values.shape[1:] != (count,):
            raise ArgumentError(
                f"`{self.name}` expects targets of shape (rows, {count}), 1 "
                "where a label is there and 0 where not. Received: "
                f"{values.dtype}, shape={values.shape}. `mmfusion.data` makes "
                "them of lists of labels."
            )
        bad = ~((values >= 0) & (values <= 1))
        if bad.any():
            row, column = (int(i) for i in np.argwhere(bad)[0])
            raise ArgumentError(
                f"`{self.name}` expects targets between 0 and 1. Received: "
                f"{values[row, column]} in row {row}, {self.classes[column]!r}."
            )


def _f1(both, true, answered):
    some = np.asarray(true + answered, "float64")
    return np.where(some > 0, 2 * both / np.maximum(some, 1), 1.0)
