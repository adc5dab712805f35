"""VGG-16, for images of any size."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import dense_stack, normalize
from mmfusion.encoders.places import places_embedding
from mmfusion.encoders.steps import POOLS
from mmfusion.errors import ArgumentError

# Convolutions between two poolings, and their channels in multiples of the
# first one's: configuration D.
_STAGES = ((2, 1), (2, 2), (3, 4), (3, 8), (3, 8))


@registry.register("encoder", "image_vgg16")
def image_vgg16(
    shape,
    units=64,
    hidden=(512,),
    width=64,
    pool="flatten",
    scale=1 / 255,
    normalization="batch",
    dropout=0.0,
    name="image",
):
    """Builds VGG-16: thirteen convolutions 3 x 3 and five poolings.

    A plain and wide network to compare with; `image_resnet` reaches the same
    with a fiftieth of the weights. For trained weights take
    `image_backbone("VGG16", ...)`. Convolutions of 64, 64, pool, 128, 128,
    pool, 256 (3), pool, 512 (3), pool, 512 (3), pool; each with ReLU, each
    pooling a maximum over 2 x 2.

    Parameters: 14,714,688 in the convolutions (RGB, no normalisation), then
    `512 places hidden`, where there are `floor(height / 32) *
    floor(width / 32)` places. FLOPs: 0.63 billion for a 32 x 32 picture, 31
    billion for 224 x 224.

    Args:
        shape: tuple `(height, width, channels)`, in pixels, 32 a side or more.
        units: int. Width of the embedding.
        hidden: tuple of int. Widths of the dense layers before it; the
            original has `(4096, 4096)`.
        width: int. Channels of the first stage, 64 in the original.
        pool: `"flatten"`, as the original; `"mean"`, `"max"` or `"attention"`
            over the places, whose weights do not grow with the picture; or
            None for all places, row by row.
        scale: float. Pixels are multiplied by it; the canonical image holds
            0..255. Defaults to 1 / 255.
        normalization: `"batch"`, `"group"` or None, as the original.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, *shape)` to float `(batch, units)`;
        with `pool=None` to `{"sequence": (batch, places, units), "mask":
        (batch, places)}`.

    Raises:
        ArgumentError: If a size is not positive, the picture is too small or
            a choice is unknown.

    Example:

    >>> image_vgg16((32, 32, 3), units=8, hidden=()).output_shape
    (None, 8)

    Reference:
        - [Simonyan and Zisserman, 2014](https://arxiv.org/abs/1409.1556),
          configuration D, which knows no normalisation and drops out after
          each dense layer.
    """
    checks.check_shape("image_vgg16", "shape", shape, rank=3)
    checks.check_range("image_vgg16", "scale", scale, 1e-6, 1e6)
    checks.check_positive("image_vgg16", width=width)
    checks.check_choice("image_vgg16", "pool", pool, ("flatten", *POOLS))
    if min(shape[:2]) < 2 ** len(_STAGES):
        raise ArgumentError(
            "`image_vgg16` expects pictures of at least 32 x 32, which five "
            f"poolings halve. Received: shape={tuple(shape)}."
        )
    inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    x = keras.layers.Rescaling(scale)(inputs)
    for convolutions, multiple in _STAGES:
        for _ in range(convolutions):
            x = keras.layers.Conv2D(
                width * multiple,
                3,
                padding="same",
                use_bias=normalization is None,
                kernel_initializer="he_normal",
            )(x)
            x = normalize(x, normalization)
            x = keras.layers.Activation("relu")(x)
        x = keras.layers.MaxPooling2D(2)(x)
    if pool == "flatten":
        x = dense_stack(keras.layers.Flatten()(x), hidden, units, dropout)
    else:
        x = places_embedding(x, pool, units, dropout, hidden)
    return keras.Model(inputs, x, name=f"{name}_encoder")
