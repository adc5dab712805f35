"""Where in a sequence a step stands, learned."""

import keras

from mmfusion import registry
from mmfusion.errors import ArgumentError


@registry.serializable
class PositionEmbedding(keras.layers.Layer):
    """Adds a learned vector for each place of a sequence.

        y_bs = x_bs + p_s    # (batch, steps, dim)

    For sequences of at most the number of steps that it is built for.
    Parameters: `steps * dim`.

    Call arguments:
        x: float tensor `(batch, steps, dim)`; with fewer steps, the first
            places.

    Returns:
        Float tensor of the shape of `x`.

    Raises:
        ArgumentError: If the number of steps or the width is not fixed.

    Example:

    >>> import numpy as np
    >>> tuple(PositionEmbedding()(np.zeros((2, 5, 8), "float32")).shape)
    (2, 5, 8)

    Reference:
        - [Dosovitskiy et al., 2021](https://arxiv.org/abs/2010.11929), learned
          positions of patches.
    """

    def build(self, x_shape):
        if len(x_shape) != 3 or None in tuple(x_shape)[1:]:
            raise ArgumentError(
                "`PositionEmbedding` expects a sequence of a fixed number of "
                f"steps. Received: shape={tuple(x_shape)}."
            )
        self.positions = self.add_weight(
            shape=tuple(x_shape)[1:],
            initializer=keras.initializers.RandomNormal(stddev=0.02),
            name="positions",
        )

    def call(self, x):
        positions = self.positions
        if x.shape[1] != positions.shape[0]:
            positions = positions[: keras.ops.shape(x)[1]]
        return x + keras.ops.cast(positions, x.dtype)

    def compute_output_shape(self, x_shape):
        return x_shape
