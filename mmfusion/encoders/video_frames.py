"""An encoder of images on every frame of a clip, then one over time."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.nested import encode_each, inner_encoder
from mmfusion.encoders.over_time import join_steps
from mmfusion.encoders.steps import mask_input
from mmfusion.layers import KeepPresent


@registry.register("encoder", "video_frames")
def video_frames(
    shape,
    encoder=None,
    units=64,
    over_time="mean",
    pool="auto",
    masked=False,
    num_layers=1,
    num_heads=4,
    unroll=False,
    dropout=0.0,
    name="video",
):
    """Builds an encoder of images for each frame, and one over the frames.

    The first thing to try on clips, the more so with an encoder of images
    that is trained already. `over_time="mean"` or `"attention"` tell what is
    seen; the order of the frames is nothing to them. `"gru"` and
    `"transformer"` tell what happens, in which order. For movement between
    neighbouring frames see `video_cnn3d`.

        e_bt = encoder(x_bt)                  # (batch, frames, dim)
        y_b  = relu(W over_time(e_b) + b)     # (batch, units)

    The frames of all clips go through `encoder` as one batch. A batch
    normalisation in it would couple them, missing frames (zeros) included,
    so an encoder made from settings, or by default, has
    `normalization="group"` unless told otherwise.

    Cost with the defaults at 16 frames of 64 x 64 x 3: 32016 parameters and
    0.37 GFLOP a clip, nearly all in `encoder`; `"attention"` adds 2112
    parameters, `"gru"` 24960, `"transformer"` 55296.

    Args:
        shape: tuple `(frames, height, width, channels)`.
        encoder: `keras.Model`, `(batch, height, width, channels)` to `(batch,
            dim)`, or a dict of settings: `name` of a registered encoder and
            its arguments (`shape` may be left out). None: a small
            `image_cnn`.
        units: int. Width of the embedding.
        over_time: `"mean"`, `"attention"`, `"gru"` or `"transformer"`.
        pool: `"auto"`: as `over_time` says (the last state of a GRU, the mean
            of a Transformer). `"mean"`, `"max"` or `"attention"` instead, or
            None for the sequence of all frames.
        masked: bool. Whether there is an input `mask` that says which frames
            there are. What lies in the others changes nothing.
        num_layers: int. Blocks of the Transformer.
        num_heads: int. Heads of each block; must divide `units`.
        unroll: bool. For `"gru"`, as in `text_gru`: needed for LiteRT with
            more than one row at a time.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, *shape)` of 0..255, and with
        `masked=True` bool `mask` `(batch, frames)`, to float `(batch,
        units)`; with `pool=None` to a dict of `"sequence"`, float `(batch,
        frames, units)`, and `"mask"`, bool `(batch, frames)`. A clip without
        any frame gives one constant answer.

    Raises:
        ArgumentError: If a size is not positive, a choice is unknown, or
            `encoder` does not take one frame to one embedding.

    Example:

    >>> frames = {"name": "image_cnn", "units": 8, "hidden": (4,)}
    >>> encoder = video_frames((4, 8, 8, 3), frames, 16, "gru", masked=True)
    >>> sorted(encoder.input), encoder.output_shape
    (['mask', 'video'], (None, 16))

    Reference:
        - [Ng et al., 2015](https://arxiv.org/abs/1503.08909), pooling and a
          recurrent network over the features of frames; attention and the
          Transformer are ours.
    """
    checks.check_shape("video_frames", "shape", shape, rank=4)
    frames, *frame = shape
    encoder = inner_encoder(
        "video_frames",
        {"name": "image_cnn"} if encoder is None else encoder,
        "frame",
        shape=tuple(frame),
        normalization="group",
    )
    x = inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    mask = mask_input(frames) if masked else None
    if masked:
        x = KeepPresent()(x, mask)
        inputs = {name: inputs, "mask": mask}
    y = join_steps(
        encode_each(encoder, x),
        mask,
        over_time,
        pool,
        units,
        dropout,
        num_layers,
        num_heads,
        unroll,
    )
    return keras.Model(inputs, y, name=f"{name}_encoder")
