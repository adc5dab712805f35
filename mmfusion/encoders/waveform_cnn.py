"""A small convolutional network for waveforms."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import dense_stack, normalize


@registry.register("encoder", "waveform_cnn")
def waveform_cnn(
    length,
    units=64,
    hidden=(16, 32, 64, 128),
    normalization="batch",
    dropout=0.0,
    name="audio",
):
    """Builds a 1-D CNN over raw sound, with the maximum over time.

    Each block is a convolution over 9 samples that moves by 4, normalisation
    and ReLU, so that four blocks see 256-fold fewer steps. Needs more data
    than `audio_cnn` on log-mel, which is the first thing to try.

    Args:
        length: int. Samples of the waveform.
        units: int. Width of the embedding.
        hidden: tuple of int. Channels of each block.
        normalization: `"batch"`, `"group"` or None.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, length)` in -1..1 to float
        `(batch, units)`.

    Raises:
        ArgumentError: If a size is not positive or a choice is unknown.

    Example:

    >>> waveform_cnn(8000, units=8).output_shape
    (None, 8)
    """
    checks.check_positive("waveform_cnn", length=length)
    inputs = keras.Input((length,), dtype="float32", name=name)
    x = keras.layers.Reshape((length, 1))(inputs)
    for filters in hidden:
        checks.check_positive("waveform_cnn", hidden=filters)
        x = keras.layers.Conv1D(
            filters,
            9,
            strides=4,
            padding="same",
            use_bias=normalization is None,
            kernel_initializer="he_normal",
        )(x)
        x = normalize(x, normalization)
        x = keras.layers.Activation("relu")(x)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = dense_stack(x, (), units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
