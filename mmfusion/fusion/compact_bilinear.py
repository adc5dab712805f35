"""The outer product of all embeddings, sketched."""

import math

import numpy as np
from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.base import Fusion
from mmfusion.ops import l2_normalize, signed_sqrt


@registry.register("fusion", "compact_bilinear")
class CompactBilinearFusion(Fusion):
    """Projects the outer product at random to `units` numbers (MCB).

    Nothing in it learns: each number of an embedding is added, with a sign of
    its own, to one of `units` places, both drawn once; the sketch of the outer
    product is the convolution of the sketches. For wide embeddings of towers
    that learn, or with a head that has enough units to choose from.

        s_m[h_m(i)] += g_m(i) e_m[i]                 # (batch, units), g = +-1
        s     = s_1 (*) ... (*) s_M                  # circular convolution
        fused = y / |y|,  y = sign(s) sqrt(|s|)

    An absent modality is left out of the convolution. The transforms are
    products with matrices, here faster than a fast one, and known to LiteRT.

    Cost: no parameters that learn. FLOPs: `2 units * sum of dims + 2 units^2`;
    `ConcatFusion` has `2 units * sum of dims`.

    Args:
        units: int. Width of the fused embedding: a few hundred, 4096 at most.
            Defaults to 512.
        normalize: bool. Whether square root and length are applied. Defaults
            to True.
        seed: int. Of places and signs. Defaults to 0.

    Raises:
        ArgumentError: If an embedding is a sequence; pool it first.

    Example:

    >>> x = {"a": np.ones((2, 3)), "b": np.ones((2, 5))}
    >>> CompactBilinearFusion(64)(x).shape[1]
    64

    Reference:
        - [Fukui et al., 2016](https://arxiv.org/abs/1606.01847), with a fast
          Fourier transform.
    """

    def __init__(self, units=512, normalize=True, seed=0, **kwargs):
        super().__init__(**kwargs)
        who = "CompactBilinearFusion"
        checks.check_positive(who, units=units)
        # Beyond, places times frequencies are not exact in float32.
        checks.check_range(who, "units", units, 1, 4096)
        checks.check_choice(who, "normalize", normalize, (True, False))
        checks.check_range(who, "seed", seed, 0, 2**31 - 1)
        self.units = units
        self.normalize = normalize
        self.seed = seed

    def build(self, input_shape):
        super().build(input_shape)
        self.places, self.signs = [], []
        for i, name in enumerate(self.modalities):
            dim = input_shape[name][-1]
            random = np.random.default_rng((self.seed, i))
            places = random.integers(0, self.units, dim)
            signs = random.choice([-1.0, 1.0], dim)
            self.places.append(self._kept(places, f"places_{name}"))
            self.signs.append(self._kept(signs, f"signs_{name}"))

    def _kept(self, values, name):
        """In the file, so that no later NumPy can draw other ones."""
        return self.add_weight(
            shape=values.shape,
            initializer=lambda shape, dtype: ops.cast(values, dtype),
            trainable=False,
            name=name,
        )

    def fuse(self, inputs, present, masks):
        # Half of the spectrum: the other half of real numbers is its mirror.
        frequencies = ops.arange(self.units // 2 + 1, dtype="float32")
        turn = 2 * math.pi / self.units
        real, imaginary = 1.0, 0.0
        for i, x in enumerate(inputs):
            x = ops.cast(x, "float32") * ops.cast(self.signs[i], "float32")
            angle = self._angle(ops.cast(self.places[i], "float32"), turn)
            a = ops.matmul(x, ops.cos(angle))
            b = -ops.matmul(x, ops.sin(angle))
            here = present[:, i : i + 1]
            a = ops.where(here, a, ops.ones_like(a))
            b = ops.where(here, b, ops.zeros_like(b))
            real, imaginary = real * a - imaginary * b, real * b + imaginary * a
        angle = self._angle(ops.arange(self.units, dtype="float32"), turn)
        weight = ops.where(
            (frequencies == 0) | (2 * frequencies == self.units), 1.0, 2.0
        )
        angle = ops.transpose(angle)  # (frequencies, units)
        fused = ops.matmul(real * weight, ops.cos(angle))
        fused = fused - ops.matmul(imaginary * weight, ops.sin(angle))
        fused = fused / self.units
        if self.normalize:
            fused = l2_normalize(signed_sqrt(fused))
        return ops.cast(fused, self.compute_dtype)

    def _angle(self, places, turn):
        """`(places, frequencies)`, within one turn, where cosines are exact."""
        frequencies = ops.arange(self.units // 2 + 1, dtype="float32")
        steps = ops.mod(places[:, None] * frequencies, self.units)
        return steps * turn

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "normalize": self.normalize,
            "seed": self.seed,
        }
