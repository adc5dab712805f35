"""A small convolutional network for images."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import conv_block, dense_stack
from mmfusion.encoders.places import places_embedding
from mmfusion.encoders.steps import POOLS


@registry.register("encoder", "image_cnn")
def image_cnn(
    shape,
    units=64,
    hidden=(16, 32, 64),
    pool="mean",
    scale=1 / 255,
    normalization="batch",
    dropout=0.0,
    name="image",
):
    """Builds a CNN over images: blocks that halve the sides, then a layer.

    For small pictures and small data, and the first thing to try. Each block:

        y = relu(MaxPool Norm(C x))    # C: 3 x 3 convolution, pool: 2 x 2

    Parameters with the defaults at 32 x 32 x 3: 27,856; FLOPs: 5.6 million.

    Args:
        shape: tuple `(height, width, channels)`, in pixels.
        units: int. Width of the embedding.
        hidden: tuple of int. Channels of each block.
        pool: `"mean"`, `"max"` or `"attention"` over all places; `"flatten"`,
            which keeps where something is (for centred pictures such as
            digits; its weights grow with the picture); or None for all
            places, row by row. Defaults to `"mean"`.
        scale: float. Pixels are multiplied by it; the canonical image holds
            0..255. Defaults to 1 / 255.
        normalization: `"batch"`, `"group"` or None.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, *shape)` to float `(batch, units)`;
        with `pool=None` to `{"sequence": (batch, places, units), "mask":
        (batch, places)}`. Each block halves the sides, rounded up.

    Raises:
        ArgumentError: If a size is not positive or a choice is unknown.

    Example:

    >>> image_cnn((32, 32, 3), units=8).output_shape
    (None, 8)

    Reference:
        - [LeCun et al., 1998](https://ieeexplore.ieee.org/document/726791),
          convolution and subsampling by turns.
        - [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167), the
          normalisation; here it comes before the pooling, as theirs does.
    """
    checks.check_shape("image_cnn", "shape", shape, rank=3)
    checks.check_range("image_cnn", "scale", scale, 1e-6, 1e6)
    checks.check_choice("image_cnn", "pool", pool, ("flatten", *POOLS))
    checks.check_widths("image_cnn", "hidden", hidden)
    inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    x = keras.layers.Rescaling(scale)(inputs)
    for filters in hidden:
        x = conv_block(x, filters, normalization)
    if pool == "flatten":
        x = dense_stack(keras.layers.Flatten()(x), (), units, dropout)
    else:
        x = places_embedding(x, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
