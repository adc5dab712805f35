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

    An absent modality is left out of the convolution, which is a product of
    Fourier transforms. By matrices they are known to LiteRT; the fast ones are
    not, and need fewer FLOPs the more units there are.

    Cost: no parameters that learn. FLOPs, by matrices: `2 units * sum of dims +
    2 units^2` and, once a batch, `units * sum of dims + units^2` cosines and
    sines; by the fast ones about `10 (M + 1) units log2(units)`.
    `ConcatFusion` has `units * (sum of dims + 1)` parameters and `2 units *
    sum of dims` FLOPs.

    At `units=64` and two embeddings of 64: 0 parameters and 39 kFLOPs a row,
    0.0 and 2.4 times those of `ConcatFusion`.

    Args:
        units: int. Width of the fused embedding: a few hundred, 4096 at most.
            Defaults to 512.
        normalize: bool. Whether square root and length are applied. Defaults
            to True.
        seed: int. Of places and signs. Defaults to 0.
        transform: `"matrix"` or `"fast"`. The same up to rounding. Defaults to
            `"matrix"`.

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

    def __init__(
        self, units=512, normalize=True, seed=0, transform="matrix", **kwargs
    ):
        super().__init__(**kwargs)
        who = "CompactBilinearFusion"
        checks.check_positive(who, units=units)
        checks.check_choice(who, "transform", transform, ("matrix", "fast"))
        # Beyond, places times frequencies are not exact in float32.
        checks.check_range(who, "units", units, 1, 4096)
        checks.check_choice(who, "normalize", normalize, (True, False))
        checks.check_seed(who, seed)
        self.units = units
        self.normalize = normalize
        self.seed = seed
        self.transform = transform

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
            dtype="float32",  # A place above 256 is none of bfloat16.
            trainable=False,
            name=name,
        )

    def fuse(self, inputs, present, masks):
        fast = self.transform == "fast"
        spectrum = self._fast_spectrum if fast else self._spectrum
        real, imaginary = 1.0, 0.0
        for i, x in enumerate(inputs):
            x = ops.cast(x, "float32") * ops.cast(self.signs[i], "float32")
            a, b = spectrum(x, ops.cast(self.places[i], "float32"))
            here = present[:, i : i + 1]
            a = ops.where(here, a, ops.ones_like(a))
            b = ops.where(here, b, ops.zeros_like(b))
            real, imaginary = real * a - imaginary * b, real * b + imaginary * a
        if fast:
            fused = ops.irfft((real, imaginary), fft_length=self.units)
        else:
            fused = self._inverse(real, imaginary)
        if self.normalize:
            fused = l2_normalize(signed_sqrt(fused))
        return ops.cast(fused, self.compute_dtype)

    # Half of the spectrum: the other half of real numbers is its mirror.
    def _spectrum(self, x, places):
        """Of the sketch of `(batch, dim)`: two of `(batch, frequencies)`."""
        angle = self._angle(places)
        return ops.matmul(x, ops.cos(angle)), -ops.matmul(x, ops.sin(angle))

    def _fast_spectrum(self, x, places):
        sketch = ops.matmul(
            x, ops.one_hot(ops.cast(places, "int32"), self.units)
        )
        return ops.rfft(sketch, fft_length=self.units)

    def _inverse(self, real, imaginary):
        """The sketch of a spectrum: `(batch, units)`."""
        frequencies = ops.arange(self.units // 2 + 1, dtype="float32")
        angle = self._angle(ops.arange(self.units, dtype="float32"))
        weight = ops.where(
            (frequencies == 0) | (2 * frequencies == self.units), 1.0, 2.0
        )
        angle = ops.transpose(angle)  # (frequencies, units)
        sketch = ops.matmul(real * weight, ops.cos(angle))
        sketch = sketch - ops.matmul(imaginary * weight, ops.sin(angle))
        return sketch / self.units

    def _angle(self, places):
        """`(places, frequencies)`, within one turn, where cosines are exact."""
        frequencies = ops.arange(self.units // 2 + 1, dtype="float32")
        steps = ops.mod(places[:, None] * frequencies, self.units)
        return steps * (2 * math.pi / self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "normalize": self.normalize,
            "seed": self.seed,
            "transform": self.transform,
        }
