"""What all decisions share with fusions, and what sets them apart."""

from keras import ops

from mmfusion.errors import ArgumentError
from mmfusion.fusion.base import Fusion


class Decision(Fusion):
    """Class probabilities `(batch, classes)` by modality name in, one out.

    Called as a fusion is; every modality must have the same classes. One whose
    answers are `hard` says classes and no probabilities: log loss means little
    there, and accuracy chooses the epoch.
    """

    hard = False

    def __init__(self, **kwargs):
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

    def or_chance(self, p, present):
        """Where nothing is present, 1 / classes.

        Args:
            p: float tensor `(batch, classes)`.
            present: bool tensor `(batch, modalities)`.
        """
        chance = ops.full_like(p, 1 / p.shape[-1])
        return ops.where(ops.any(present, axis=1, keepdims=True), p, chance)

    def compute_output_shape(self, input_shape):
        return tuple(next(iter(input_shape.values())))
