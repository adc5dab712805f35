"""An image backbone of KerasHub, its own scaling of the pixels inside."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.blocks import dense_stack
from mmfusion.encoders.steps import POOLS, all_steps, embedding
from mmfusion.errors import ArgumentError
from mmfusion.layers import AttentionPool, MaxPool, MeanPool
from mmfusion.optional import require
from mmfusion.pretrained.preset import (
    backbone_layer,
    from_preset,
    open_backbone,
)

_POOLS = {"mean": MeanPool, "max": MaxPool, "attention": AttentionPool}


@registry.register("encoder", "keras_hub_image", paths=("preset",))
def keras_hub_image(
    preset,
    shape,
    units=None,
    pool="mean",
    trainable=False,
    lora_rank=None,
    scale=None,
    offset=None,
    dropout=0.0,
    name="image",
):
    """Builds a pretrained image backbone of KerasHub over RGB pixels.

    For few images, or ones like the photos that backbones were trained on. A
    convolutional backbone (ResNet, EfficientNet, MobileNet, ...) takes the
    image as large as it is; one with a size of its own (ViT, ...) gets it
    resized. Each place of its feature map, or each patch, is a step. The
    weights are in the `.keras` file: a saved model needs KerasHub and not the
    preset. Parameters and FLOPs are the backbone's, and `dim units + units`.

    Args:
        preset: str or path: a name such as `"resnet_18_imagenet"`, a handle
            `"hf://..."` or `"kaggle://..."`, a folder that
            `backbone.save_to_preset` wrote, or one of Hugging Face with
            `config.json` and `model.safetensors`; or a
            `keras_hub.models.Backbone`, which is then part of this encoder.
        shape: tuple of int, `(height, width, 3)`.
        units: int. Width of a dense layer on the embedding; None for none.
        pool: `"mean"`, `"max"` or `"attention"` over the places or patches;
            `"first"`, the class token of a ViT; or None for all of them.
        trainable: bool or int. False: frozen; True: free; n: its last n layers
            learn. Defaults to False.
        lora_rank: int. Rank of LoRA in the attention of a ViT, all else
            frozen.
        scale: float or list of three. The backbone takes `scale pixel +
            offset` of pixels 0..255. Defaults to what the preset says; needed
            where it says nothing.
        offset: float or list of three. Defaults to what the preset says, or 0.
        dropout: float in `[0, 1)`, before the dense layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, height, width, 3)` in 0..255 to float
        `(batch, units)`; with `pool=None` to `{"sequence": (batch, steps,
        units), "mask": (batch, steps)}`. Without `units` the width is the
        backbone's.

    Raises:
        ArgumentError: If the preset cannot be reached or used (offline a name
            or handle fails unless it was downloaded before), if it is no image
            backbone, or has no scale.
        MissingExtraError: If KerasHub is not installed.

    Example:

    >>> keras_hub_image("resnet_18_imagenet", (32, 32))
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: `keras_hub_image` expects `shape` to be 3
    whole numbers. Received: (32, 32).

    Reference:
        - [KerasHub](https://keras.io/keras_hub/presets/), with a paper for each
          backbone.
    """
    who = "keras_hub_image"
    checks.check_shape(who, "shape", shape, rank=3)
    checks.check_choice(who, "pool", pool, (*POOLS, "first"))
    backbone, exact = open_backbone(who, preset)
    _check(who, backbone, shape)
    scale, offset = _scaling(who, preset, backbone, scale, offset)
    layer = backbone_layer(who, backbone, trainable, lora_rank, exact)
    pixels = keras.Input(tuple(shape), dtype="float32", name=name)
    size = backbone.inputs[0].shape[1:3]
    x = pixels
    if None not in size and tuple(size) != tuple(shape[:2]):
        x = keras.layers.Resizing(*size)(x)
    x = keras.layers.Rescaling(scale, offset)(x)
    takes = backbone.input
    x = layer({key: x for key in takes} if isinstance(takes, dict) else x)
    x = _steps(who, x, pool)
    if pool is None and units is not None:
        x = embedding(x, None, None, units, dropout)
    elif pool is None:
        x = {"sequence": x, "mask": all_steps(x)}
    else:
        x = ops.take(x, 0, axis=1) if pool == "first" else _POOLS[pool]()(x)
        x = x if units is None else dense_stack(x, (), units, dropout)
    return keras.Model(pixels, x, name=f"{name}_encoder")


def _check(who, backbone, shape):
    """It takes one batch of images with three channels."""
    taken = [tuple(x.shape) for x in backbone.inputs]
    if len(taken) != 1 or len(taken[0]) != 4 or taken[0][-1] != 3:
        raise ArgumentError(
            f"`{who}` expects a backbone that takes RGB images. Received: a "
            f"`{type(backbone).__name__}`, which takes {taken}."
        )
    if shape[-1] != 3:
        raise ArgumentError(
            f"`{who}` expects `shape` to have 3 channels, RGB. "
            f"Received: {tuple(shape)}."
        )


def _scaling(who, preset, backbone, scale, offset):
    """What is given, or what the preset says of its pixels."""
    if scale is None and preset is not backbone:
        hub = require("keras_hub", extra="hub")
        try:
            own = from_preset(who, hub.layers.ImageConverter, str(preset))
        except ArgumentError:  # A folder may hold nothing but the backbone.
            own = None
        if own is not None and own.scale is not None:
            scale = own.scale
            offset = own.offset if offset is None else offset
    if scale is None:
        raise ArgumentError(
            f"`{who}` finds no scale of the pixels in {preset!r}. Give "
            "`scale`, and `offset`, as the backbone was trained with: "
            "1 / 255 for pixels of 0..1."
        )
    return scale, 0.0 if offset is None else offset


def _steps(who, x, pool):
    """What a backbone gives as steps `(batch, steps, dim)`."""
    rank = len(x.shape)
    if pool == "first" and rank != 3:
        raise ArgumentError(
            f"`{who}` finds no class token in a feature map {tuple(x.shape)}. "
            "Use `pool='mean'`."
        )
    if rank == 4:
        height, width, dim = x.shape[1:]
        return ops.reshape(x, (-1, height * width, dim))
    if rank != 3:
        raise ArgumentError(
            f"`{who}` expects a backbone that gives a feature map or patches. "
            f"Received: shape={tuple(x.shape)}."
        )
    return x
