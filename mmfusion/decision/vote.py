"""The votes of the modalities."""

from keras import ops

from mmfusion import registry
from mmfusion.decision.average import AverageDecision
from mmfusion.ops import hardmax, masked_mean


@registry.register("decision", "vote")
class VoteDecision(AverageDecision):
    """Shares of the votes: each modality votes for its likeliest class.

    Robust where one modality may be sure and wrong; needs three or more. The
    class with most votes is the answer; where several have as many, the first
    of them.

        p_c = mean_m [c = argmax_k p_mk]    # (batch, classes)

    over the modalities that are there. A vote has no gradient: in training the
    answer is the mean of the probabilities. No parameters. A row with nothing
    present gets 1 / classes.

    At two modalities of ten classes: 0 parameters and 71 FLOPs a row, beside
    the heads; `ConcatFusion(64)` of two embeddings of 64 has 8256 and 16
    kFLOPs.

    Example:

    >>> import numpy as np
    >>> a, b = np.array([[0.9, 0.1]]), np.array([[0.4, 0.6]])
    >>> [round(float(x), 2) for x in VoteDecision()({"a": a, "b": b})[0]]
    [0.5, 0.5]

    Reference:
        - [Kittler et al., 1998](https://doi.org/10.1109/34.667881), the
          majority vote rule.
    """

    hard = True
    takes = ("probabilities",)

    def fuse(self, inputs, present, masks):
        votes = hardmax(ops.stack(inputs, axis=1))  # (batch, M, classes)
        return self.or_chance(masked_mean(votes, present), present)

    def fuse_in_training(self, inputs, present, masks):
        return super().fuse(inputs, present, masks)
