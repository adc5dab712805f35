"""A learned weighted mean of the modalities' class probabilities."""

from keras import ops

from mmfusion import registry
from mmfusion.decision.base import Decision
from mmfusion.ops import masked_softmax


@registry.register("decision", "weighted")
class WeightedDecision(Decision):
    """Mean of the class probabilities, each modality with a learned weight.

    Where one modality is right more often than another, whatever the class.
    The weights are renormalised over the modalities that are there.

        a   = softmax_m(s)                   # (M,), over the present
        p_c = sum_m a_m p_mc                 # (batch, classes)

    M parameters. A row with nothing present gets 1 / classes. Probabilities of
    labels and numbers are averaged as well; with nothing present they are 0.5
    and the training split's mean.

    At two modalities of ten classes: 2 parameters and 3 FLOPs a row, beside the
    heads; `ConcatFusion(64)` of two embeddings of 64 has 8256 and 16 kFLOPs.

    Example:

    >>> import numpy as np
    >>> p = {"a": np.array([[0.9, 0.1]]), "b": np.array([[0.5, 0.5]])}
    >>> [round(float(x), 2) for x in WeightedDecision()(p)[0]]
    [0.7, 0.3]

    Reference:
        - [Kittler et al., 1998](https://doi.org/10.1109/34.667881), the sum
          rule; the weights are those of a linear opinion pool.
    """

    takes = ("probabilities", "labels", "values")

    def build(self, input_shape):
        super().build(input_shape)
        self.scores = self.add_weight(
            shape=(len(self.modalities),), initializer="zeros", name="scores"
        )

    def fuse(self, inputs, present, masks):
        weights = masked_softmax(self.scores[None, :], present)
        p = ops.einsum("bm,bmc->bc", weights, ops.stack(inputs, axis=1))
        return self.or_chance(p, present)
