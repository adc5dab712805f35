"""A small convolutional network for spectrograms."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import conv_block
from mmfusion.encoders.spectrogram import standardized
from mmfusion.encoders.steps import embedding


@registry.register("encoder", "audio_cnn")
def audio_cnn(
    shape,
    units=64,
    hidden=(16, 32, 64),
    pool="max",
    normalization="batch",
    dropout=0.0,
    name="audio",
):
    """Builds a CNN over log-mel spectrograms.

    The first thing to try on sounds. Each block is convolution 3 x 3,
    normalisation, ReLU, 2 x 2 max-pool, over time and frequency. Each
    spectrogram is standardised first, so that loudness does not count; the
    maximum over time makes it indifferent to when something sounds; the
    frequency stays.

        h_bt = blocks(standardised x_b)       # (batch, steps / 8, mels / 8 * .)
        y_b  = relu(W max_t h_bt + b)         # (batch, units)

    Cost with the defaults at 98 x 40: 43952 parameters and 20 MFLOP a row;
    `pool="attention"` adds 51520 parameters.

    Args:
        shape: tuple `(steps, mels)`.
        units: int. Width of the embedding.
        hidden: tuple of int. Channels of each block.
        pool: `"max"`, `"mean"` or `"attention"` over time, or None for the
            sequence. Defaults to `"max"`.
        normalization: `"batch"`, `"group"` or None.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, steps, mels)` of natural log power to
        float `(batch, units)`; with `pool=None` to a dict of `"sequence"`,
        float `(batch, steps / 2 ** blocks, units)`, rounded up after each
        block, and `"mask"`, bool, all true.

    Raises:
        ArgumentError: If a size is not positive or a choice is unknown.

    Example:

    >>> audio_cnn((98, 40), units=8).output_shape
    (None, 8)

    Reference:
        - [Hershey et al., 2017](https://arxiv.org/abs/1609.09430), image
          networks over log-mel spectrograms; theirs are far larger.
    """
    checks.check_shape("audio_cnn", "shape", shape, rank=2)
    checks.check_widths("audio_cnn", "hidden", hidden)
    inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    x = keras.layers.Reshape((*shape, 1))(standardized(inputs))
    for filters in hidden:
        x = conv_block(x, filters, normalization)
    steps, mels, channels = x.shape[1:]
    x = keras.layers.Reshape((steps, mels * channels))(x)
    x = embedding(x, None, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
