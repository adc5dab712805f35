"""Feature-wise scale and shift, read off the other modalities."""

import keras

from mmfusion import registry
from mmfusion.fusion.conditioned import ConditionedFusion


@registry.register("fusion", "film")
class FiLMFusion(ConditionedFusion):
    """Scales and shifts the features of a modality as the others say.

    Where one modality is a question to another: a text that says what of an
    image matters. With `target=None` each modality is asked by the others, and
    the answers are averaged over those that are present.

        c_m   = [e_n: n != m]                                # zeros if absent
        y_m   = (1 + G_m c_m) * (W_m e_m + b_m) + B_m c_m    # (batch, units)
        fused = f(mean_m y_m)

    `*` is by element. Where nothing else is present, `y_m = W_m e_m + b_m`;
    where the target is absent, the shift remains.

    Cost, for each target: `units * (dim + 1)` and `2 units` for each number of
    the others; two FLOPs for each. For all M targets about `2 M - 1` times the
    parameters of `ConcatFusion`, `units * (sum of dims + 1)`.

    At `units=64` and two embeddings of 64: 24704 parameters and 50 kFLOPs a
    row, 3.0 and 3.0 times those of `ConcatFusion`.

    Args:
        units: int. Width of the fused embedding.
        target: str or None. The modality that is scaled and shifted. Defaults
            to None: each of them.
        activation: name of `f`, or None. Defaults to `"relu"`.

    Raises:
        ArgumentError: If an embedding is a sequence, or `target` is no
            modality.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 3)), "b": np.ones((2, 5))}
    >>> FiLMFusion(8, target="b")(x).shape[1]
    8

    Reference:
        - [Perez et al., 2018](https://arxiv.org/abs/1709.07871), in the
          blocks of a convolutional network; here once, on the embedding.
    """

    def build(self, input_shape):
        self.linears, self.scales, self.shifts = {}, {}, {}
        super().build(input_shape)

    def build_target(self, name, dim, context_dim):
        self.linears[name] = self.dense(f"linear_{name}", self.units, dim)
        if context_dim:
            for kind, layers in (
                ("scale", self.scales),
                ("shift", self.shifts),
            ):
                layers[name] = self.dense(
                    f"{kind}_{name}",
                    self.units,
                    context_dim,
                    use_bias=False,
                    # A product of two: without, its variance would be twice.
                    kernel_initializer=keras.initializers.VarianceScaling(0.5),
                )

    def condition(self, name, x, context):
        y = self.linears[name](x)
        if context is None:
            return y
        return y + self.scales[name](context) * y + self.shifts[name](context)
