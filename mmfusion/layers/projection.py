"""A linear map of an embedding."""

import keras

from mmfusion import checks, registry
from mmfusion.ops import l2_normalize


@registry.serializable
class Projection(keras.layers.Layer):
    """Maps an embedding, or every step of a sequence, to another space.

    The plainest modality alignment: brings embeddings of different widths to
    one width, and with `normalize` to unit length, where the dot product is
    the cosine.

        z = W x + b          # (batch, units) or (batch, steps, units)
        z = z / |z|_2        # with `normalize`

    Parameters: `dim * units + units`; FLOPs of a row or step:
    `2 dim units`.

    Args:
        units: int. Width of the result.
        normalize: bool. Whether to divide by the length. A zero vector stays
            zero. Defaults to False.
        use_bias: bool. Whether there is `b`. Defaults to True.

    Call arguments:
        x: float tensor `(batch, dim)` or `(batch, steps, dim)`.

    Returns:
        Float tensor `(batch, units)` or `(batch, steps, units)`.

    Example:

    >>> import numpy as np
    >>> z = Projection(1, normalize=True)(np.ones((2, 5), "float32"))
    >>> abs(round(float(z[0, 0]), 4))
    1.0

    Reference:
        - [Radford et al., 2021](https://arxiv.org/abs/2103.00020), the map to
          a common space, of length one.
    """

    def __init__(self, units, normalize=False, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # It hands the mask on.
        checks.check_positive("Projection", units=units)
        for argument, value in (
            ("normalize", normalize),
            ("use_bias", use_bias),
        ):
            checks.check_choice("Projection", argument, value, (True, False))
        self.units = units
        self.normalize = normalize
        self.use_bias = use_bias

    def build(self, x_shape):
        self.linear = keras.layers.Dense(
            self.units,
            use_bias=self.use_bias,
            dtype=self.dtype_policy,
            name="linear",
        )
        self.linear.build(x_shape)

    def call(self, x):
        z = self.linear(x)
        return l2_normalize(z) if self.normalize else z

    def compute_output_shape(self, x_shape):
        return (*x_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "normalize": self.normalize,
            "use_bias": self.use_bias,
        }
