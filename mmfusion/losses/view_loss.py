"""What the losses of several views of the same rows share."""

import keras
from keras import ops

from mmfusion.errors import ArgumentError
from mmfusion.ops import equal_ids, keep_rows


class ViewLoss(keras.losses.Loss):
    """A loss of views `(batch, views, dim)`; subclasses write `of_views`.

    `of_views(ids, keep, views)` gets the ids as `(batch,)` integers, the rows
    that count as `(batch,)` bool, and a list of `(batch, dim)`, with zeros in
    the other rows.

    Call arguments:
        y_true: integer ids `(batch,)` or `(batch, 1)`; a row with a negative
            id is left out.
        y_pred: float tensor `(batch, views, dim)`.

    Returns:
        Float tensor, what `of_views` gives, reduced as `reduction` says.

    Raises:
        ArgumentError: If there are fewer than two views.

    Example:

    >>> import numpy as np
    >>> class Apart(ViewLoss):
    ...     def of_views(self, ids, keep, views):
    ...         return ops.sum((views[0] - views[1]) ** 2, axis=-1)
    >>> views = np.array([[[1.0], [3.0]], [[9.0], [0.0]]], "float32")
    >>> float(Apart(reduction="sum")(np.array([4, -1]), views))
    4.0
    """

    def __call__(self, y_true, y_pred, sample_weight=None):
        # Keras casts ids to float32, in which two above 2^24 can be equal:
        # each becomes the number of the first row that has it.
        ids = ops.reshape(ops.convert_to_tensor(y_true), (-1,))
        first = ops.argmax(ops.cast(equal_ids(ids), "int32"), axis=1)
        first = ops.cast(first, "int32")
        number = ops.where(ids < 0, ops.full_like(first, -1), first)
        return super().__call__(number, y_pred, sample_weight)

    def call(self, y_true, y_pred):
        if len(y_pred.shape) != 3 or y_pred.shape[1] < 2:
            raise ArgumentError(
                f"`{type(self).__name__}` expects `(batch, views, dim)` with "
                f"two views or more. Received: shape={tuple(y_pred.shape)}."
            )
        ids = ops.cast(y_true, "int32")
        keep = ids >= 0
        y_pred = keep_rows(keep, y_pred)
        views = [y_pred[:, number] for number in range(y_pred.shape[1])]
        return self.of_views(ids, keep, views)

    def of_views(self, ids, keep, views):
        raise NotImplementedError(f"{type(self).__name__} has no `of_views`.")
