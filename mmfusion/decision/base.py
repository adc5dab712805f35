"""What all decisions share with fusions, and what sets them apart."""

from keras import ops

from mmfusion.errors import ArgumentError
from mmfusion.fusion.base import Fusion


class Decision(Fusion):
    """What each modality's head answers `(batch, classes)` in, one answer out.

    Called as a fusion is; every modality must have the same classes. One whose
    answers are `hard` says classes and no probabilities: log loss means little
    there, and accuracy chooses the epoch.

    Attributes:
        takes: tuple of str. What heads may give, as `Task.gives` says it:
            `"probabilities"` of classes, `"labels"`, `"values"`.
        gives: str. What these heads give. A model sets it.
        chance: float or None. The answer where nothing is present; None: 1 /
            classes. A model sets it.
    """

    hard = False
    takes = ("probabilities",)

    def __init__(self, **kwargs):
        self.gives = kwargs.pop("gives", "probabilities")
        self.chance = kwargs.pop("chance", None)
        # Probabilities stay float32 whatever the policy: they are compared.
        super().__init__(**{**kwargs, "dtype": "float32"})

    def build(self, input_shape):
        super().build(input_shape)
        widths = {name: shape[-1] for name, shape in input_shape.items()}
        if len(set(widths.values())) > 1:
            raise ArgumentError(
                f"`{type(self).__name__}` expects the same classes from every "
                f"modality. Received: {dict(sorted(widths.items()))}."
            )

    def deciding(self, task):
        """This decision for what a task gives; a copy where that differs.

        Args:
            task: a task of `mmfusion.tasks`.

        Raises:
            ArgumentError: If it has no meaning for what the task gives.
        """
        if task.gives not in self.takes:
            raise ArgumentError(
                f"`{type(self).__name__}` fuses {', '.join(self.takes)}. "
                f"Received: the task {task.name!r}, a {type(task).__name__}, "
                f"which gives {task.gives}. Use `AverageDecision` or "
                "`WeightedDecision`."
            )
        kind = {"gives": task.gives, "chance": task.chance}
        if kind == {"gives": self.gives, "chance": self.chance}:
            return self
        return type(self).from_config({**self.get_config(), **kind})

    def or_chance(self, p, present):
        """Where nothing is present, `chance`.

        Args:
            p: float tensor `(batch, classes)`.
            present: bool tensor `(batch, modalities)`.
        """
        chance = 1 / p.shape[-1] if self.chance is None else self.chance
        chance = ops.full_like(p, chance)
        return ops.where(ops.any(present, axis=1, keepdims=True), p, chance)

    def compute_output_shape(self, input_shape):
        return tuple(next(iter(input_shape.values())))

    def get_config(self):
        config = super().get_config()
        if self.gives != "probabilities":
            config |= {"gives": self.gives, "chance": self.chance}
        return config
