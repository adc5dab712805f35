"""A layer whose weights are read off the other modalities."""

import keras

from mmfusion import checks, registry
from mmfusion.fusion.conditioned import ConditionedFusion


@registry.register("fusion", "hypernetwork")
class HypernetworkFusion(ConditionedFusion):
    """Connects a modality with weights that the others make.

    More than `FiLMFusion`, which scales features one by one: here the others
    decide how features mix. The weights they make differ by a matrix of rank
    `rank` from learned ones.

        c_m    = [e_n: n != m]                            # zeros if absent
        W(c_m) = W_m + A_m diag(H_m c_m) B_m              # (units, dim)
        y_m    = W(c_m) e_m + U_m c_m + b_m               # (batch, units)
        fused  = f(mean_m y_m)                            # over the present

    Where nothing else is present, `y_m = W_m e_m + b_m`; where the target is
    absent, `U_m c_m + b_m` remains. `W(c_m)` itself is never made.

    Cost, for each target: `units * (sum of dims + 1) + rank * (units + sum of
    dims)` parameters, two FLOPs for each; `ConcatFusion` has
    `units * (sum of dims + 1)` in all.

    At `units=64` and two embeddings of 64: 19584 parameters and 39 kFLOPs a
    row, 2.4 and 2.4 times those of `ConcatFusion`.

    Args:
        units: int. Width of the fused embedding.
        target: str or None. The modality that is connected. Defaults to None:
            each of them.
        rank: int. Of what the others add to the weights. Defaults to 8.
        activation: name of `f`, or None. Defaults to `"relu"`.

    Raises:
        ArgumentError: If an embedding is a sequence, or `target` is no
            modality.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 3)), "b": np.ones((2, 5))}
    >>> HypernetworkFusion(8, target="b")(x).shape[1]
    8

    Reference:
        - [Jayakumar et al., 2020](https://openreview.net/forum?id=rylnK6VtDH),
          multiplicative interactions; there the tensor is full.
        - [Ha et al., 2017](https://arxiv.org/abs/1609.09106), the name.
    """

    def __init__(self, units, target=None, rank=8, activation="relu", **kwargs):
        super().__init__(units, target, activation, **kwargs)
        checks.check_positive("HypernetworkFusion", rank=rank)
        self.rank = rank

    def build(self, input_shape):
        self.linears, self.shifts = {}, {}
        self.inner, self.made, self.outer = {}, {}, {}
        super().build(input_shape)

    def build_target(self, name, dim, context_dim):
        self.linears[name] = self.dense(f"linear_{name}", self.units, dim)
        if not context_dim:
            return
        fan_in = {
            "use_bias": False,
            "kernel_initializer": keras.initializers.VarianceScaling(1.0),
        }
        self.shifts[name] = self.dense(
            f"shift_{name}", self.units, context_dim, use_bias=False
        )
        self.inner[name] = self.dense(f"inner_{name}", self.rank, dim, **fan_in)
        self.made[name] = self.dense(
            f"made_{name}", self.rank, context_dim, **fan_in
        )
        self.outer[name] = self.dense(
            f"outer_{name}", self.units, self.rank, **fan_in
        )

    def condition(self, name, x, context):
        y = self.linears[name](x)
        if context is None:
            return y
        mixed = self.inner[name](x) * self.made[name](context)
        return y + self.outer[name](mixed) + self.shifts[name](context)

    def get_config(self):
        return {**super().get_config(), "rank": self.rank}
