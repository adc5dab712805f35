"""Sequences of all modalities to a fixed number of steps."""

from keras import ops

from mmfusion import checks, registry
from mmfusion.layers.alignment import Alignment
from mmfusion.layers.resampler import Resampler

POOLS = ("mean", "concat", None)


@registry.register("alignment", "resampler")
class ResamplerAlignment(Alignment):
    """Gathers every sequence into a fixed number of steps.

    Long sequences become cheap to fuse, and with `pool` any fusion of vectors
    takes them. A pooled embedding stays as it is.

        z_m = Resampler_m(x_m)    # (batch, num_latents, units), or pooled

    Parameters and FLOPs: those of `Resampler`, for each sequence.

    Args:
        num_latents: int. Steps of each result.
        units: int or None. Width of each result. Defaults to its own width.
        depth: int. How often the latents look. Defaults to 1.
        num_heads: int. Must divide the widths. Defaults to 4.
        hidden: int or None. As in `Resampler`.
        pool: None: sequences of `num_latents` steps, each of which counts;
            `"mean"`: their mean, `(batch, units)`; `"concat"`: side by side,
            `(batch, num_latents * units)`.
        dropout: float in `[0, 1)`, as in `Resampler`.

    Returns:
        As every alignment; a sequence of which nothing counts becomes zeros.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 50, 4), "f"), "b": np.ones((2, 6), "f")}
    >>> z = ResamplerAlignment(3, num_heads=2)(x)
    >>> {name: tuple(part.shape) for name, part in z.items()}
    {'a': (2, 3, 4), 'b': (2, 6)}
    """

    keeps_steps = False

    def __init__(
        self,
        num_latents,
        units=None,
        depth=1,
        num_heads=4,
        hidden=None,
        pool=None,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        checks.check_choice("ResamplerAlignment", "pool", pool, POOLS)
        self.settings = {
            "num_latents": num_latents,
            "units": units,
            "depth": depth,
            "num_heads": num_heads,
            "hidden": hidden,
            "dropout": dropout,
        }
        Resampler(**self.settings)  # A wrong setting shows here.
        self.pool = pool

    def build(self, input_shape):
        super().build(input_shape)
        self.resamplers = {}
        for name in self.modalities:
            if len(input_shape[name]) == 3:
                resample = Resampler(
                    **self.settings,
                    dtype=self.dtype_policy,
                    name=f"resample_{name}",
                )
                resample.build(input_shape[name])
                self.resamplers[name] = resample

    def align(self, embeddings, steps, here, training):
        aligned = dict(embeddings)
        for name, resample in self.resamplers.items():
            z = resample(embeddings[name], mask=steps[name], training=training)
            if self.pool == "mean":
                z = ops.mean(z, axis=1)
            elif self.pool == "concat":
                z = ops.reshape(z, (-1, z.shape[1] * z.shape[2]))
            aligned[name] = z
        return aligned

    def compute_output_shape(self, input_shape):
        shapes = {}
        for name, shape in input_shape.items():
            if len(shape) == 3:
                steps = self.settings["num_latents"]
                width = self.settings["units"] or shape[-1]
                shape = {
                    None: (shape[0], steps, width),
                    "mean": (shape[0], width),
                    "concat": (shape[0], steps * width),
                }[self.pool]
            shapes[name] = shape
        return shapes

    def get_config(self):
        return {**super().get_config(), **self.settings, "pool": self.pool}
