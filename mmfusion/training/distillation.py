"""What a model of several modalities knows, taught to one of fewer."""

import pathlib

from keras import ops

from mmfusion import checks, registry, run, saving
from mmfusion.errors import ArgumentError
from mmfusion.models import FusionModel
from mmfusion.training.method import Method, divergence
from mmfusion.training.plan import Plan, need_classes


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
            student, or a main task gives no probabilities of classes.

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
        need_classes("Distillation", model.main_tasks)
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

    @property
    def reader(self):
        return self._teacher()

    def call(self, inputs, training=None):
        # The batches are the teacher's; the student refuses what it knows not.
        mine = {n: x for n, x in inputs.items() if n in self._inputs}
        return self.model(mine, training=training)

    def training_loss(self, x, y, y_pred, weights):
        losses = self.output_losses(y, y_pred, weights)
        taught = self._teacher()(x, training=False)
        loss = 0.0
        for name, own in losses.items():
            if name not in self.model.main_tasks:  # A head that only helps.
                loss = loss + self.task_weights[name] * own
                continue
            rows = divergence(
                ops.stop_gradient(self._softened(taught[name])),
                self._softened(y_pred[name]),
            )
            if weights.get(name) is not None:
                rows = rows * ops.cast(weights[name], rows.dtype)
            told = self.temperature**2 * ops.mean(rows)
            own = (1 - self.weight) * own + self.weight * told
            loss = loss + self.task_weights[name] * own
        return loss

    def _softened(self, p):
        logs = ops.log(ops.maximum(p, 1e-30))
        return ops.softmax(logs / self.temperature)


@registry.register("method", "distillation", paths=("teacher",))
def distilled(model, data, rules, whole, teacher, weight=0.5, temperature=2.0):
    """`Distillation` by its name in a recipe, with a teacher from a file.

    Let it be a run on the same table and seed: a teacher that has seen rows on
    which the student is scored tells it their answers.

    Args:
        model, data, rules: as `training.fit` has them; `model` is the student.
        whole: `data.Data` with the modalities of the teacher.
        teacher: path of a run or a `.keras` file, or a `FusionModel`.
        weight, temperature: as `Distillation` takes them.

    Returns:
        `Plan`.

    Raises:
        ArgumentError: If the teacher was trained on other inputs or classes.
    """
    need_classes("distillation", model.main_tasks)  # Before it reads.
    if not isinstance(teacher, FusionModel):
        teacher = _opened(teacher, whole)
    _check_classes(model, teacher)
    return Plan(
        Distillation(model, teacher, weight, temperature),
        whole.only(sorted(teacher.modalities)),
    )


def _opened(path, whole):
    """The model of a run on the same data, or of a file."""
    if not pathlib.Path(path).is_dir():
        return saving.load_model(path)
    opened = run.load(path)
    now = run.fingerprint(whole, opened.recipe)
    changed = sorted(k for k, v in opened.fingerprint.items() if now[k] != v)
    if changed:
        raise ArgumentError(
            f"The teacher `{path}` was trained on other data: "
            f"{', '.join(changed)} differ. Train it on the same table with the "
            "same split, or pass its `model.keras`, if you know that inputs "
            "mean the same and no row is tested that it was trained on."
        )
    return opened.model


def _check_classes(model, teacher):
    for name, task in model.main_tasks.items():
        other = teacher.tasks.get(name)
        if other is not None and other.classes != task.classes:
            theirs = list(other.classes or [])[:9]
            raise ArgumentError(
                f"The teacher `{teacher.name}` tells {theirs} apart in "
                f"{name!r}, the student {list(task.classes)[:9]}."
            )
