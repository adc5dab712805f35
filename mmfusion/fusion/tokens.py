"""Modalities as steps of one width, for fusions by attention."""

import keras
from keras import ops

from mmfusion.fusion.base import build_projections


def build_tokens(layer, input_shape):
    """Gives a fusion a projection and a type for each modality.

    Args:
        layer: a `Fusion` of rank 3 that knows its modalities.
        input_shape: dict of modality name to shape.
    """
    layer.projections = build_projections(layer, input_shape)
    layer.types = layer.add_weight(
        shape=(len(layer.modalities), layer.units),
        initializer=keras.initializers.RandomNormal(stddev=0.02),
        name="types",
    )


def tokens(layer, inputs):
    """The steps of each modality, of width `units`, marked by modality.

        z_ms = W_m x_ms + b_m + t_m    # (batch, steps, units)

    Args:
        layer: a `Fusion` after `build_tokens`.
        inputs: list of float tensors `(batch, steps, dim)`.

    Returns:
        List of float tensors `(batch, steps, units)`.
    """
    types = ops.cast(layer.types, layer.compute_dtype)
    return [
        project(x) + types[i]
        for i, (project, x) in enumerate(
            zip(layer.projections, inputs, strict=True)
        )
    ]


def with_latents(latents, x):
    """Learned steps, the same for every row, before those of `x`.

    Args:
        latents: float tensor `(num_latents, units)`.
        x: float tensor `(batch, steps, units)`.

    Returns:
        Float tensor `(batch, num_latents + steps, units)`.
    """
    shape = (ops.shape(x)[0], *latents.shape)
    latents = ops.broadcast_to(ops.cast(latents, x.dtype)[None], shape)
    return ops.concatenate([latents, x], axis=1)
