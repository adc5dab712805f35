"""A small convolutional network for spectrograms."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import conv_block, dense_stack


@registry.register("encoder", "audio_cnn")
def audio_cnn(
    shape,
    units=64,
    hidden=(16, 32, 64),
    normalization="batch",
    dropout=0.0,
    name="audio",
):
    """Builds a CNN over log-mel spectrograms, with the maximum over time.

    Each block is convolution 3 x 3, normalisation, ReLU, 2 x 2 max-pool, over
    time and frequency. Each spectrogram is standardised first, so that
    loudness does not count; the maximum over time makes it indifferent to
    when something sounds; the frequency stays.

    Args:
        shape: tuple `(steps, mels)`.
        units: int. Width of the embedding.
        hidden: tuple of int. Channels of each block.
        normalization: `"batch"`, `"group"` or None.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, steps, mels)` of natural log power to
        float `(batch, units)`.

    Raises:
        ArgumentError: If a size is not positive or a choice is unknown.

    Example:

    >>> audio_cnn((98, 40), units=8).output_shape
    (None, 8)
    """
    checks.check_shape("audio_cnn", "shape", shape, rank=2)
    inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    # How loud it is as a whole, a constant in log power, does not count.
    x = keras.layers.LayerNormalization(axis=(1, 2), center=False, scale=False)(
        inputs
    )
    x = keras.layers.Reshape((*shape, 1))(x)
    for filters in hidden:
        checks.check_positive("audio_cnn", hidden=filters)
        x = conv_block(x, filters, normalization)
    steps, mels, channels = x.shape[1:]
    x = keras.layers.Reshape((steps, mels * channels))(x)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = dense_stack(x, (), units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
