"""A residual network for small images, as it is used on CIFAR."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.blocks import normalize
from mmfusion.encoders.places import places_embedding
from mmfusion.encoders.steps import POOLS
from mmfusion.errors import ArgumentError


@registry.register("encoder", "image_resnet")
def image_resnet(
    shape,
    units=64,
    depth=20,
    width=16,
    pool="mean",
    shortcut="pad",
    scale=1 / 255,
    normalization="batch",
    dropout=0.0,
    name="image",
):
    """Builds a CIFAR-style ResNet: three stages of residual blocks.

    For small pictures (about 24 to 64 pixels a side) and some ten thousand of
    them; below that `image_cnn` learns faster, above it `image_backbone` with
    trained weights. A convolution 3 x 3, then three stages of `n` blocks with
    `width`, `2 width` and `4 width` channels; the second and the third stage
    begin with stride 2. One block:

        y = relu(x + Norm(C_2 relu(Norm(C_1 x))))    # C: 3 x 3 convolution

    where `x` is every second place, padded with zero channels, at the begin
    of a stage. Of the `depth` = `6 n + 2` layers with weights the last is the
    one to `units`, here with ReLU, so that a head follows.

    Parameters with `width=16`, RGB and `units=10`: 0.27 million for depth 20,
    0.46 for 32, 0.85 for 56. FLOPs of a 32 x 32 picture: 81, 138 and 251
    million.

    Args:
        shape: tuple `(height, width, channels)`, in pixels.
        units: int. Width of the embedding.
        depth: int. 8, 14, 20, 26, 32, ...: a multiple of 6, and 2.
        width: int. Channels of the first stage.
        pool: `"mean"`, `"max"` or `"attention"` over the places of the last
            stage, or None for all of them, row by row.
        shortcut: `"pad"`, zero channels, no weights; or `"project"`, a
            convolution 1 x 1 where the channels change.
        scale: float. Pixels are multiplied by it; the canonical image holds
            0..255. Defaults to 1 / 255.
        normalization: `"batch"`, `"group"` or None.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, *shape)` to float `(batch, units)`;
        with `pool=None` to `{"sequence": (batch, places, units), "mask":
        (batch, places)}` with `places` = `ceil(height / 4) * ceil(width / 4)`.

    Raises:
        ArgumentError: If a size is not positive, the depth is no `6 n + 2` or
            a choice is unknown.

    Example:

    >>> image_resnet((32, 32, 3), units=8, depth=8, width=4).output_shape
    (None, 8)

    Reference:
        - [He et al., 2015](https://arxiv.org/abs/1512.03385), section 4.2.
          The network there takes pictures less their mean; here they are only
          scaled, the first normalisation takes the mean away. The projection
          and the networks without batch normalisation are not from there.
    """
    checks.check_shape("image_resnet", "shape", shape, rank=3)
    checks.check_range("image_resnet", "scale", scale, 1e-6, 1e6)
    checks.check_positive("image_resnet", depth=depth, width=width)
    checks.check_choice("image_resnet", "pool", pool, POOLS)
    checks.check_choice("image_resnet", "shortcut", shortcut, _SHORTCUTS)
    if depth < 8 or (depth - 2) % 6:
        raise ArgumentError(
            "`image_resnet` expects `depth` to be 6 n + 2, as 8, 20, 32 or "
            f"56: three stages of n blocks with two layers. Received: {depth}."
        )
    blocks = (depth - 2) // 6  # Of each stage.
    inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    x = keras.layers.Rescaling(scale)(inputs)
    x = _convolution(x, width, normalization)
    x = keras.layers.Activation("relu")(x)
    for stage in range(3):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            # Without a norm what the blocks add must not grow with their
            # number: `3 * blocks` branches of that variance stay below `e`.
            gain = 1.0 if normalization else 1 / (3 * blocks)
            x = _block(
                x, width * 2**stage, stride, shortcut, normalization, gain
            )
    x = places_embedding(x, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")


def _convolution(x, filters, normalization, stride=1, gain=1.0, size=3):
    if stride > 1 and size > 1:
        # Padding on both sides, so that the kernel's centre lies on the place
        # that the shortcut takes; "same" would shift it by one pixel.
        x = keras.layers.ZeroPadding2D(size // 2)(x)
    x = keras.layers.Conv2D(
        filters,
        size,
        strides=stride,
        padding="same" if stride == 1 else "valid",
        use_bias=normalization is None,
        kernel_initializer=keras.initializers.VarianceScaling(2.0 * gain),
    )(x)
    return normalize(x, normalization)


def _block(x, filters, stride, shortcut, normalization, gain):
    """Two convolutions and the way around them."""
    y = _convolution(x, filters, normalization, stride)
    y = keras.layers.Activation("relu")(y)
    y = _convolution(y, filters, normalization, gain=gain)
    if stride > 1:
        x = _SHORTCUTS[shortcut](x, filters, normalization, stride)
    return keras.layers.Activation("relu")(keras.layers.Add()([x, y]))


def _pad(x, filters, normalization, stride):
    # One place of four, as it is.
    x = keras.layers.AveragePooling2D(1, strides=stride, padding="same")(x)
    more = filters - x.shape[-1]
    return ops.pad(x, [[0, 0], [0, 0], [0, 0], [0, more]])


def _project(x, filters, normalization, stride):
    return _convolution(x, filters, normalization, stride, size=1)


_SHORTCUTS = {"pad": _pad, "project": _project}
