"""What a model of several modalities knows, taught to one of fewer."""

from keras import ops

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.models import FusionModel
from mmfusion.training.method import Method, divergence


class Distillation(Method):
    """Trains a student on the labels and on a teacher's probabilities.

    For a phone that has the camera only: the teacher sees all modalities of a
    row, the student one (`models.alone`) or some (cross-modal transfer).

        p^T  = softmax(log(p) / T)
        loss = (1 - weight) CE(y, p) + weight T^2 KL(q^T || p^T)

    with q of the teacher and p of the student, for each main output.

    Args:
        model: a `FusionModel`, the student. Its inputs are among the
            teacher's.
        teacher: a `FusionModel`, trained; it stays as it is.
        weight: float in 0..1. Defaults to 0.5.
        temperature: float, 1 or more. Defaults to 2.
        name: str. Defaults to the name of the student.

    Raises:
        ArgumentError: If the teacher lacks an output or an input of the
            student.

    Reference:
        - [Hinton et al., 2015](https://arxiv.org/abs/1503.02531).
        - [Gupta et al., 2016](https://arxiv.org/abs/1507.00448), from one
          modality to another; there features are matched.
    """

    def __init__(
        self, model, teacher, weight=0.5, temperature=2.0, name=None, **kwargs
    ):
        super().__init__(model, name, **kwargs)
        checks.check_range("Distillation", "weight", weight, 0, 1)
        checks.check_range("Distillation", "temperature", temperature, 1, 100)
        if not isinstance(teacher, FusionModel):
            raise ArgumentError(
                "`Distillation` expects `teacher` to be a `FusionModel`. "
                f"Received: {type(teacher).__name__}."
            )
        lacking = sorted(set(model.main_tasks) - set(teacher.output))
        inputs = {x.name for x in model.inputs}
        lacking += sorted(inputs - {x.name for x in teacher.inputs})
        if lacking:
            raise ArgumentError(
                f"`Distillation` expects the teacher `{teacher.name}` to have "
                f"what the student has. Lacking: {lacking}."
            )
        self.weight = weight
        self.temperature = temperature
        self._teacher = lambda: teacher  # Its weights are not the method's.
        self._inputs = inputs
        self._known = {x.name for x in teacher.inputs}

    def call(self, inputs, training=None):
        # The batches are the teacher's; the student refuses what it knows not.
        mine = {n: x for n, x in inputs.items() if n in self._inputs}
        return self.model(mine, training=training)

    def fit(self, x=None, y=None, *args, **kwargs):
        return super(Method, self).fit(x, y, *args, **kwargs)

    def evaluate(self, x=None, y=None, *args, **kwargs):
        return super(Method, self).evaluate(x, y, *args, **kwargs)

    def training_loss(self, x, y, y_pred, weights):
        losses = self.output_losses(y, y_pred, weights)
        taught = self._teacher()(x, training=False)
        loss = 0.0
        for name in self.model.main_tasks:
            rows = divergence(
                ops.stop_gradient(self._softened(taught[name])),
                self._softened(y_pred[name]),
            )
            if weights.get(name) is not None:
                rows = rows * ops.cast(weights[name], rows.dtype)
            told = self.temperature**2 * ops.mean(rows)
            loss = loss + (1 - self.weight) * losses[name] + self.weight * told
        return loss

    def _softened(self, p):
        logs = ops.log(ops.maximum(p, 1e-30))
        return ops.softmax(logs / self.temperature)
