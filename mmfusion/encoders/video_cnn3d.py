"""A convolutional network over space and time, for clips."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.blocks import normalize
from mmfusion.encoders.steps import embedding, mask_input
from mmfusion.layers import KeepPresent


@registry.register("encoder", "video_cnn3d")
def video_cnn3d(
    shape,
    units=64,
    hidden=(16, 32, 64),
    pool="mean",
    masked=False,
    scale=1 / 255,
    normalization="group",
    dropout=0.0,
    name="video",
):
    """Builds a 3-D CNN over clips, which sees how things move.

    Where movement from one frame to the next tells the class; else
    `video_frames` costs less and learns from less. Each block is convolution
    3 x 3 x 3 over time and space, normalisation, max-pool and ReLU. Every
    block halves the sides, all but the first the frames, too (rounded up):

        steps = ceil(frames / 2 ** (len(hidden) - 1))

    Frames that are missing are zeros before and after every convolution, as
    beyond the ends of a clip; with `normalization=None` a clip of few frames
    gives the same with and without missing ones behind it. `"group"` counts
    their zeros in the means of that clip, `"batch"` in those of all clips.

    Cost with the defaults at 16 frames of 64 x 64 x 3: 74800 parameters and
    0.86 GFLOP a clip.

    Args:
        shape: tuple `(frames, height, width, channels)`.
        units: int. Width of the embedding.
        hidden: tuple of int. Channels of each block.
        pool: `"mean"`, `"max"` or `"attention"` over the steps that are left,
            or None for their sequence.
        masked: bool. Whether there is an input `mask` that says which frames
            there are. What lies in the others changes nothing.
        scale: float. Pixels are multiplied by it. Defaults to 1 / 255.
        normalization: `"batch"`, `"group"` or None.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, *shape)` of 0..255, and with
        `masked=True` bool `mask` `(batch, frames)`, to float `(batch,
        units)`; with `pool=None` to a dict of `"sequence"`, float `(batch,
        steps, units)`, and `"mask"`, bool `(batch, steps)`: a step counts if
        one of its frames does. A clip without any frame gives one constant
        answer.

    Raises:
        ArgumentError: If a size is not positive or a choice is unknown.

    Example:

    >>> video_cnn3d((8, 16, 16, 3), units=8, hidden=(4, 4)).output_shape
    (None, 8)

    Reference:
        - [Tran et al., 2015](https://arxiv.org/abs/1412.0767), small kernels
          and a first pooling over space only; smaller, and normalised.
    """
    checks.check_shape("video_cnn3d", "shape", shape, rank=4)
    checks.check_widths("video_cnn3d", "hidden", hidden)
    checks.check_range("video_cnn3d", "scale", scale, 1e-6, 1e6)
    x = inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    mask = mask_input(shape[0]) if masked else None
    if masked:
        x = KeepPresent()(x, mask)
        inputs = {name: inputs, "mask": mask}
    x = keras.layers.Rescaling(scale)(x)
    for number, filters in enumerate(hidden):
        x, mask = _block(x, mask, filters, normalization, 2 if number else 1)
    steps, height, width, channels = x.shape[1:]
    x = ops.reshape(x, (-1, steps, height * width, channels))
    y = embedding(ops.mean(x, axis=2), mask, pool, units, dropout)
    return keras.Model(inputs, y, name=f"{name}_encoder")


def _block(x, mask, filters, normalization, over):
    """One block, whose max-pool takes `over` frames together.

    LiteRT has no pooling over three axes, so what does not mix frames runs on
    frames merged into the rows of one axis: the same function.
    """
    x = keras.layers.Conv3D(
        filters,
        3,
        padding="same",
        use_bias=normalization is None,
        kernel_initializer="he_normal",
    )(x)
    steps, height, width, channels = x.shape[1:]
    x = ops.reshape(x, (-1, steps * height, width, channels))
    x = normalize(x, normalization)
    x = ops.reshape(x, (-1, height, width, channels))
    x = keras.layers.MaxPooling2D(2, padding="same")(x)
    height, width = x.shape[1:3]
    x = ops.reshape(x, (-1, steps, height * width, channels))
    if mask is not None:
        # Before frames are pooled and ReLU: zero is the least that comes out.
        x = KeepPresent()(x, mask)
        mask = _pooled_mask(mask, over)
    x = keras.layers.MaxPooling2D((over, 1), padding="same")(x)
    x = keras.layers.Activation("relu")(x)
    return ops.reshape(x, (-1, x.shape[1], height, width, channels)), mask


def _pooled_mask(mask, over):
    """A step counts if one of the frames in it does."""
    steps = -(-mask.shape[1] // over)
    mask = ops.pad(mask, ((0, 0), (0, steps * over - mask.shape[1])))
    return ops.any(ops.reshape(mask, (-1, steps, over)), axis=2)
