"""Embeddings learn to be correlated."""

from mmfusion import checks, registry
from mmfusion.layers.alignment_loss import AlignmentLoss
from mmfusion.ops import deep_cca


@registry.register("alignment", "deep_cca")
class DeepCCAAlignment(AlignmentLoss):
    """Raises the canonical correlations between modalities in training.

    For views of one thing whose common part matters and whose own parts are
    noise. Embeddings may have different widths and are handed on unchanged.

        loss += weight * mean over pairs of deep_cca(x_a, x_b)

    Needs batches of several times as many rows as dimensions; project to a
    small width first. The loss is a sum over dimensions, so a weight that fits
    depends on the width. No parameters; FLOPs as in
    `mmfusion.ops.canonical_correlations`.

    Args:
        weight: float >= 0. Defaults to 0.1.
        regularization: float in `[1e-5, 1]`, in units of the mean variance
            of a view. Defaults to 1e-3.
        num_components: int or None: how many correlations count, the highest
            first. Defaults to all.

    Example:

    >>> import numpy as np
    >>> layer = DeepCCAAlignment(weight=1.0)
    >>> x = np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    >>> _ = layer({"a": x, "b": -x}, training=True)
    >>> round(float(layer.losses[0]), 1)
    -2.0

    Reference:
        - [Andrew et al., 2013](
          https://proceedings.mlr.press/v28/andrew13.html); see
          `mmfusion.ops.deep_cca`.
    """

    def __init__(
        self, weight=0.1, regularization=1e-3, num_components=None, **kwargs
    ):
        super().__init__(weight, **kwargs)
        who = "DeepCCAAlignment"
        checks.check_range(who, "regularization", regularization, 1e-5, 1)
        if num_components is not None:
            checks.check_positive(who, num_components=num_components)
        self.regularization = regularization
        self.num_components = num_components

    def pair_loss(self, a, b, keep):
        return deep_cca(a, b, keep, self.regularization, self.num_components)

    def get_config(self):
        return {
            **super().get_config(),
            "regularization": self.regularization,
            "num_components": self.num_components,
        }
