"""A small convolutional network for waveforms."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import normalize
from mmfusion.encoders.steps import embedding


@registry.register("encoder", "waveform_cnn")
def waveform_cnn(
    length,
    units=64,
    hidden=(16, 32, 64, 128),
    pool="max",
    normalization="batch",
    dropout=0.0,
    name="audio",
):
    """Builds a 1-D CNN over raw sound.

    Each block is a convolution over 9 samples that moves by 4, normalisation
    and ReLU, so that four blocks see 256-fold fewer steps. Needs more data
    than `audio_cnn` on log-mel, which is the first thing to try.

        h_bt = blocks(x_b)                # (batch, length / 256, channels)
        y_b  = relu(W max_t h_bt + b)     # (batch, units)

    Cost with the defaults at 8000 samples: 105648 parameters and 15 MFLOP a
    row; `pool="attention"` adds 8320 parameters.

    Args:
        length: int. Samples of the waveform.
        units: int. Width of the embedding.
        hidden: tuple of int. Channels of each block.
        pool: `"max"`, `"mean"` or `"attention"` over time, or None for the
            sequence. Defaults to `"max"`.
        normalization: `"batch"`, `"group"` or None.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, length)` in -1..1 to float
        `(batch, units)`; with `pool=None` to a dict of `"sequence"`, float
        `(batch, length / 4 ** blocks, units)`, rounded up after each block,
        and `"mask"`, bool, all true.

    Raises:
        ArgumentError: If a size is not positive or a choice is unknown.

    Example:

    >>> waveform_cnn(8000, units=8).output_shape
    (None, 8)

    Reference:
        - [Dai et al., 2016](https://arxiv.org/abs/1610.00087), fully
          convolutional on the waveform, wide filters first; here all are 9
          wide and stride, and nothing is pooled between.
    """
    checks.check_positive("waveform_cnn", length=length)
    checks.check_widths("waveform_cnn", "hidden", hidden)
    inputs = keras.Input((length,), dtype="float32", name=name)
    x = keras.layers.Reshape((length, 1))(inputs)
    for filters in hidden:
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
    x = embedding(x, None, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
