"""The contrastive loss of embeddings of the same rows."""

import itertools

from mmfusion import checks, registry
from mmfusion.losses.view_loss import ViewLoss
from mmfusion.ops import contrastive, cosine_similarity, equal_ids


@registry.serializable
class Contrastive(ViewLoss):
    """Brings the views of a row together and drives those of others apart.

    The mean of `mmfusion.ops.contrastive` over every two views, with the
    cosine as the similarity. FLOPs: `2 batch^2 dim` for every two views.

    Args:
        temperature: float in `[0.01, 100]`. Defaults to 0.07.

    Call arguments:
        y_true: integer ids `(batch,)` or `(batch, 1)`. Rows with equal ids
            match each other; a row with a negative id is left out.
        y_pred: float tensor `(batch, views, dim)`.

    Returns:
        Float tensor, `(batch,)` reduced as `reduction` says; zero in rows
        left out.

    Raises:
        ArgumentError: If `temperature` is not in 0.01..100, or there are
            fewer than two views.

    Example:

    >>> import numpy as np
    >>> x = np.eye(2, dtype="float32")
    >>> views = np.stack([x, x], axis=1)
    >>> loss = Contrastive(temperature=1.0)
    >>> round(float(loss(np.array([0, 1]), views)), 4)  # log(1 + e^-1)
    0.3133

    Reference:
        - [Radford et al., 2021](https://arxiv.org/abs/2103.00020); see
          `mmfusion.ops.contrastive`.
    """

    def __init__(
        self,
        temperature=0.07,
        reduction="sum_over_batch_size",
        name="contrastive",
        **kwargs,
    ):
        super().__init__(name=name, reduction=reduction, **kwargs)
        checks.check_range("Contrastive", "temperature", temperature, 0.01, 100)
        self.temperature = temperature

    def of_views(self, ids, keep, views):
        pairs = list(itertools.combinations(views, 2))
        return sum(
            contrastive(
                cosine_similarity(a, b),
                equal_ids(ids),
                keep,
                self.temperature,
            )
            for a, b in pairs
        ) / len(pairs)

    def get_config(self):
        return {**super().get_config(), "temperature": self.temperature}
