"""Minus the canonical correlations of embeddings of the same rows."""

import itertools

from mmfusion import checks, registry
from mmfusion.losses.view_loss import ViewLoss
from mmfusion.ops import deep_cca


@registry.serializable
class DeepCCA(ViewLoss):
    """Raises the canonical correlations between views.

    The mean of `mmfusion.ops.deep_cca` over every two views. It belongs to a
    batch as a whole: a batch needs several times as many rows as dimensions.
    FLOPs: `6 batch dim^2` and some `dim^3` for every two views.

    Args:
        regularization: float in `[1e-5, 1]`, in units of the mean variance of
            a view. Defaults to 1e-3.
        num_components: int or None: how many correlations count, the highest
            first. Defaults to all.

    Call arguments:
        y_true: integer ids `(batch,)` or `(batch, 1)`; a row with a negative
            id is left out.
        y_pred: float tensor `(batch, views, dim)`.

    Returns:
        Float scalar, at least minus `dim`.

    Raises:
        ArgumentError: If `regularization` is not in 1e-5..1, `num_components`
            no whole number above 0, or there are fewer than two views.

    Example:

    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    >>> views = np.stack([x, -x], axis=1)
    >>> round(float(DeepCCA()(np.arange(50), views)), 1)
    -2.0

    Reference:
        - [Andrew et al., 2013](
          https://proceedings.mlr.press/v28/andrew13.html); see
          `mmfusion.ops.deep_cca`.
    """

    def __init__(
        self,
        regularization=1e-3,
        num_components=None,
        reduction="sum_over_batch_size",
        name="deep_cca",
        **kwargs,
    ):
        super().__init__(name=name, reduction=reduction, **kwargs)
        checks.check_range("DeepCCA", "regularization", regularization, 1e-5, 1)
        if num_components is not None:
            checks.check_positive("DeepCCA", num_components=num_components)
        self.regularization = regularization
        self.num_components = num_components

    def of_views(self, ids, keep, views):
        pairs = list(itertools.combinations(views, 2))
        return sum(
            deep_cca(a, b, keep, self.regularization, self.num_components)
            for a, b in pairs
        ) / len(pairs)

    def get_config(self):
        return {
            **super().get_config(),
            "regularization": self.regularization,
            "num_components": self.num_components,
        }
