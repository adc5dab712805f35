"""Steps that several encoders are made of."""

import keras

from mmfusion import checks
from mmfusion.layers import BatchNorm, ConvPoolBlock
from mmfusion.layers.group_norm import group_norm

_NORMALIZATIONS = {
    "batch": lambda channels: BatchNorm(),
    "group": group_norm,
    None: lambda channels: keras.layers.Activation("linear"),
}


def normalize(x, normalization):
    """Normalises the last axis of `x`.

    Args:
        x: float KerasTensor `(batch, ..., channels)`.
        normalization: `"batch"` (couples the rows of a batch), `"group"` (each
            row by itself, up to eight groups of channels) or None.

    Returns:
        KerasTensor of the same shape.
    """
    checks.check_choice(
        "encoder", "normalization", normalization, tuple(_NORMALIZATIONS)
    )
    return _NORMALIZATIONS[normalization](x.shape[-1])(x)


def conv_block(x, filters, normalization, kernel_size=3):
    """Convolution, normalisation, ReLU and a 2 x 2 max-pool.

    Args:
        x: float KerasTensor `(batch, height, width, channels)`.
        filters: int. Channels of the outcome.
        normalization: as `normalize` takes it.
        kernel_size: int. Side of the convolution, in pixels.

    Returns:
        KerasTensor of half the height and width (rounded up), `filters` wide.
    """
    checks.check_choice(
        "encoder", "normalization", normalization, tuple(_NORMALIZATIONS)
    )
    return ConvPoolBlock(filters, kernel_size, normalization)(x)


def dense_stack(x, hidden, units, dropout, activation="relu"):
    """Dense layers of the widths `hidden`, dropout, then one of `units`.

    Args:
        x: float KerasTensor `(batch, dim)`.
        hidden: tuple of int, may be empty.
        units: int. Width of the outcome.
        dropout: float in `[0, 1)`, before the last layer.
        activation: name of the activation of every layer.

    Returns:
        KerasTensor `(batch, units)`.
    """
    checks.check_widths("encoder", "hidden", hidden)
    for width in hidden:
        x = keras.layers.Dense(width, activation=activation)(x)
    checks.check_positive("encoder", units=units)
    checks.check_range("encoder", "dropout", dropout, 0, 0.99)
    if dropout:
        x = keras.layers.Dropout(dropout)(x)
    return keras.layers.Dense(units, activation=activation)(x)
