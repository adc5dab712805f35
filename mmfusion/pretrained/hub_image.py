"""A module for images of TensorFlow Hub as an encoder."""

import keras

from mmfusion import checks, registry
from mmfusion.pretrained.parts import (
    as_vector,
    embedding_layer,
    encoder_inputs,
)


@registry.register("encoder", "hub_image", paths=("handle",))
def hub_image(
    handle,
    shape=(224, 224, 3),
    units=None,
    output=None,
    dropout=0.0,
    trainable=False,
    scale=1 / 255,
    arguments=None,
    sha256=None,
    bundle=False,
    name="image",
):
    """Builds an encoder of an image module that gives feature vectors.

    Such modules take RGB in [0, 1] and give `(batch, dim)`; images come as
    everywhere else, float32 0..255, and are scaled inside. With few images
    leave it frozen and let the dense layer learn. Parameters and FLOPs are
    the module's, and `dim * units + units` of the dense layer.

    Args:
        handle: str or path of a SavedModel, or an https URL.
        shape: tuple of three int, `(height, width, channels)`, of a size that
            the module's documentation permits.
        units: int. Width of a dense layer on the features; None for none.
        output: str. The key of the features where it gives a dict. Defaults
            to `"default"`.
        dropout: float in `[0, 1)`, before the dense layer.
        trainable: bool. Whether it is fine-tuned. Defaults to False.
        scale: float. What 0..255 is multiplied by. Defaults to 1/255.
        arguments: dict of further arguments of its `__call__`.
        sha256: str. The SHA-256 that its folder must have.
        bundle: bool. Whether it is copied into `.keras` files.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, height, width, channels)` to float
        `(batch, units)`, or `(batch, dim)` without `units`.

    Raises:
        ArgumentError: If the module cannot be used, does not take such
            images, or gives no vector.

    Example:

    >>> hub_image("modules/mobilenet", units=64)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: `SavedModelLayer` expects the folder of ...

    Reference:
        - [Image feature vectors](
          https://www.tensorflow.org/hub/common_saved_model_apis/images).
    """
    checks.check_shape("hub_image", "shape", shape, rank=3)
    checks.check_range("hub_image", "scale", scale, 1e-6, 1e6)
    layer = embedding_layer(
        "hub_image",
        handle,
        output,
        sha256=sha256,
        arguments=arguments,
        bundle=bundle,
        trainable=trainable,
    )
    image = encoder_inputs("hub_image", layer, shape, name)
    x = layer(keras.layers.Rescaling(scale)(image))
    x = as_vector("hub_image", x, units, dropout)
    return keras.Model(image, x, name=f"{name}_encoder")
