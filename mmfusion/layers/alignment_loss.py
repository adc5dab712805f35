"""Losses that pull modalities together while a model learns its task."""

import itertools

from keras import ops

from mmfusion import checks
from mmfusion.layers.alignment import Alignment


class AlignmentLoss(Alignment):
    """Hands embeddings on; adds a loss of every pair of them in training.

    Subclasses write `pair_loss(a, b, keep)`: a scalar for two modalities
    `(batch, dim)` and the rows that have both, `(batch,)` bool. A sequence
    enters as the mean of its steps that count.

        loss += weight * mean_{a < b} pair_loss(a, b, here_a and here_b)

    It is part of `loss` in `fit`, not of `val_loss`, `evaluate` or an export.
    With one modality there is no pair and no loss.
    """

    def __init__(self, weight=0.1, **kwargs):
        super().__init__(**kwargs)
        checks.check_range(type(self).__name__, "weight", weight, 0, 1e6)
        self.weight = weight

    def align(self, embeddings, steps, here, training):
        pairs = list(itertools.combinations(self.modalities, 2))
        if training and pairs:
            views = {
                name: _pooled(x, steps.get(name))
                for name, x in embeddings.items()
            }
            total = sum(
                self.pair_loss(
                    views[a], views[b], ops.logical_and(here[a], here[b])
                )
                for a, b in pairs
            )
            self.add_loss(self.weight * total / len(pairs))
        return embeddings

    def pair_loss(self, a, b, keep):
        raise NotImplementedError(f"{type(self).__name__} has no `pair_loss`.")

    def get_config(self):
        return {**super().get_config(), "weight": self.weight}


def _pooled(x, mask):
    """`(batch, dim)` in float32; the mean of the steps that count."""
    x = ops.cast(x, "float32")
    if mask is None:
        return x
    # The other steps hold zeros.
    count = ops.sum(ops.cast(mask, "float32"), axis=1, keepdims=True)
    return ops.divide_no_nan(ops.sum(x, axis=1), count)
