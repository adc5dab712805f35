"""Embeddings of one row learn to be close, those of others far."""

import math

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.layers.alignment_loss import AlignmentLoss
from mmfusion.ops import contrastive, cosine_similarity


@registry.register("alignment", "contrastive")
class ContrastiveAlignment(AlignmentLoss):
    """Brings the modalities of a row to one direction of a common space.

    Embeddings of one width, such as after `ProjectionAlignment`; handed on
    unchanged. Rows in which one of the two modalities is absent are left out,
    and so are no negatives either.

        s_ij  = cosine(a_i, b_j)
        loss += weight * mean over pairs of modalities and rows of
                contrastive(s, temperature)

    FLOPs: `2 batch^2 dim` for each pair of modalities.

    Args:
        weight: float >= 0. Defaults to 0.1.
        temperature: float in `[0.01, 100]`; small ones look at the hardest
            negatives. Defaults to 0.07.
        learn_temperature: bool. Whether it is a parameter that begins there;
            it stays at 0.01 or above. Defaults to False.

    Raises:
        ArgumentError: If widths differ.

    Example:

    >>> import numpy as np
    >>> layer = ContrastiveAlignment(weight=1.0, temperature=1.0)
    >>> x = np.eye(2, dtype="float32")
    >>> _ = layer({"a": x, "b": 3 * x}, training=True)
    >>> round(float(layer.losses[0]), 4)  # log(1 + e^-1)
    0.3133

    Reference:
        - [Radford et al., 2021](https://arxiv.org/abs/2103.00020), with its
          learned temperature; see `mmfusion.ops.contrastive`.
    """

    def __init__(
        self, weight=0.1, temperature=0.07, learn_temperature=False, **kwargs
    ):
        super().__init__(weight, **kwargs)
        who = "ContrastiveAlignment"
        checks.check_range(who, "temperature", temperature, 0.01, 100)
        checks.check_choice(
            who, "learn_temperature", learn_temperature, (True, False)
        )
        self.temperature = temperature
        self.learn_temperature = learn_temperature

    def build(self, input_shape):
        super().build(input_shape)
        dims = {name: input_shape[name][-1] for name in self.modalities}
        if len(set(dims.values())) > 1:
            raise ArgumentError(
                "`ContrastiveAlignment` expects embeddings of one width. "
                f"Received: {dims}. Put `ProjectionAlignment(units)` before "
                "it."
            )
        if self.learn_temperature and len(dims) > 1:
            self.log_scale = self.add_weight(
                shape=(),
                initializer=keras.initializers.Constant(
                    -math.log(self.temperature)
                ),
                # Beyond a factor of 100 training becomes unstable.
                constraint=lambda w: ops.minimum(w, math.log(100.0)),
                dtype="float32",
                name="log_scale",
            )

    def pair_loss(self, a, b, keep):
        temperature = self.temperature
        if self.learn_temperature:
            temperature = ops.exp(-ops.cast(self.log_scale, "float32"))
        loss = contrastive(
            cosine_similarity(a, b), keep=keep, temperature=temperature
        )
        rows = ops.sum(ops.cast(keep, "float32"))
        return ops.divide_no_nan(ops.sum(loss), rows)

    def get_config(self):
        return {
            **super().get_config(),
            "temperature": self.temperature,
            "learn_temperature": self.learn_temperature,
        }
