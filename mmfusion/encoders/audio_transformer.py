"""A Transformer over patches of spectrograms."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.over_time import transformer
from mmfusion.encoders.spectrogram import standardized
from mmfusion.encoders.steps import embedding as embedding_of
from mmfusion.encoders.steps import mask_input
from mmfusion.layers import KeepPresent


@registry.register("encoder", "audio_transformer")
def audio_transformer(
    shape,
    units=64,
    patch=(8, 8),
    embedding=64,
    num_layers=2,
    num_heads=4,
    hidden=None,
    pool="mean",
    masked=False,
    dropout=0.0,
    name="audio",
):
    """Builds Transformer blocks over patches of log-mel spectrograms.

    For sounds in which parts far apart belong together, and for data enough
    to learn that from: `audio_cnn` is the first thing to try. Each
    spectrogram is standardised first, so that loudness does not count. Then
    it is cut into patches of time x frequency, in the order of time (zeros
    fill up the last ones), each of which becomes a token with a place.

        z_bp = W patch_bp + b + place_p      # (batch, patches, embedding)
        y_b  = relu(V pool blocks(z_b) + c)  # (batch, units)

    Cost with the defaults at 98 x 40, 65 patches: 112576 parameters and
    14 MFLOP a row.

    Args:
        shape: tuple `(steps, mels)`.
        units: int. Width of the embedding.
        patch: tuple of int, `(steps, mels)` of a patch.
        embedding: int. Width of a token.
        num_layers: int. Number of blocks.
        num_heads: int. Must divide `embedding`.
        hidden: int or None. Width inside the blocks. Defaults to 4 times
            `embedding`.
        pool: `"mean"`, `"max"` or `"attention"` over the patches, or None for
            their sequence.
        masked: bool. Whether there is an input `mask` that says which steps
            count: for sounds of different lengths. What lies in the others
            changes nothing, and a sound gives the same however many follow.
        dropout: float in `[0, 1)`, in the blocks and before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, steps, mels)` of natural log power,
        and with `masked=True` bool `mask` `(batch, steps)`, to float `(batch,
        units)`; with `pool=None` to a dict of `"sequence"`, float `(batch,
        patches, units)`, and `"mask"`, bool `(batch, patches)`: a patch
        counts if one of its steps does. A row of which no step counts gives
        one constant answer.

    Raises:
        ArgumentError: If a size is not positive, a choice is unknown, or
            `num_heads` does not divide `embedding`.

    Example:

    >>> audio_transformer((98, 40), units=8).output_shape
    (None, 8)

    Reference:
        - [Gong et al., 2021](https://arxiv.org/abs/2104.01778), there with
          patches of 16 x 16 that overlap by 6 and the weights of an image
          network, read out from tokens of its own; here small, apart, pooled.
    """
    checks.check_shape("audio_transformer", "shape", shape, rank=2)
    checks.check_shape("audio_transformer", "patch", patch, rank=2)
    checks.check_positive("audio_transformer", embedding=embedding)
    x = inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    mask = mask_input(shape[0]) if masked else None
    if masked:
        x = KeepPresent()(x, mask)
        inputs = {name: inputs, "mask": mask}
    x = _patches(standardized(x, mask), patch, embedding)
    if masked:
        mask = _patch_mask(mask, patch[0], x.shape[1])
    x = transformer(x, mask, num_layers, num_heads, dropout, hidden)
    x = embedding_of(x, mask, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")


def _patches(x, patch, width):
    """Patches as tokens, `(batch, patches, width)`; time changes slowest."""
    steps, mels = x.shape[1:]
    x = ops.pad(x, ((0, 0), (0, -steps % patch[0]), (0, -mels % patch[1])))
    x = ops.expand_dims(x, -1)
    x = keras.layers.Conv2D(width, tuple(patch), strides=tuple(patch))(x)
    return ops.reshape(x, (-1, x.shape[1] * x.shape[2], width))


def _patch_mask(mask, over, tokens):
    """A patch counts if one of its steps does."""
    mask = ops.pad(mask, ((0, 0), (0, -mask.shape[1] % over)))
    steps = mask.shape[1] // over
    mask = ops.any(ops.reshape(mask, (-1, steps, over)), axis=2)
    return ops.repeat(mask, tokens // steps, axis=1)
