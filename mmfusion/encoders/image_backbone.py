"""A network of `keras.applications`, with or without trained weights."""

import inspect
import pathlib
import re
import warnings

import keras
import numpy as np

from mmfusion import checks, registry
from mmfusion.encoders.places import places_embedding
from mmfusion.encoders.steps import POOLS
from mmfusion.errors import ArgumentError
from mmfusion.layers import Pretrained

# Keras adds a layer without weights for "imagenet", and only then; a file does
# not say whether it was there.
_WITHOUT_FILES = "EfficientNetB"


@registry.register("encoder", "image_backbone", paths=("weights",))
def image_backbone(
    backbone,
    shape,
    units=64,
    weights=None,
    trainable=True,
    pool="mean",
    dropout=0.0,
    name="image",
):
    """Builds an encoder around a network of `keras.applications`.

    For photographs: weights learned on ImageNet know edges, textures and
    parts already, so that a thousand pictures are enough. First train what
    follows (`trainable=False`), then the last layers as well, with a learning
    rate a hundred times smaller. The preprocessing that the network was
    trained with is inside: the encoder takes RGB of 0..255 as every other one.

        y = relu(W pool(network(preprocess(x))) + b)    # (batch, units)

    Without its top, at 224 x 224 (FLOPs in billions, 2 a multiply-add):

        MobileNetV3Small   0.9 million parameters,  0.1 FLOPs
        MobileNetV3Large   3.0                      0.4
        EfficientNetV2B0   5.9                      1.4
        ResNet50          23.6                      7.7
        ConvNeXtTiny      27.8                      8.9
        VGG16             14.7                     30.7

    Args:
        backbone: str. Name of a network in `keras.applications`, as
            `"ResNet50"`.
        shape: tuple `(height, width, channels)`, in pixels; at least 32 a
            side for most. One channel (grey) is repeated three times.
        units: int. Width of the embedding.
        weights: None, `"imagenet"` (downloaded once, then kept by Keras), or
            a path to a `.weights.h5` or `.h5` file of the network without its
            top.
        trainable: bool or int. False: the network stays as it is, and in
            inference mode. A number: its last so many layers with weights
            learn. A batch normalisation that does not learn keeps its
            statistics. Defaults to True.
        pool: `"mean"`, `"max"` or `"attention"` over the places of the last
            feature map, or None for all of them, row by row.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, *shape)` to float `(batch, units)`;
        with `pool=None` to `{"sequence": (batch, places, units), "mask":
        (batch, places)}`. Saved and loaded, it downloads nothing.

    Raises:
        ArgumentError: If there is no such network, the picture is too small
            for it, the weights cannot be read, do not fit or cannot be
            downloaded, or nothing is learned and nothing may learn.

    Example:

    >>> encoder = image_backbone("MobileNetV3Small", (32, 32, 3), units=8)
    >>> encoder.output_shape
    (None, 8)

    Reference:
        - [Keras Applications](https://keras.io/api/applications/), with a
          paper for each network.
    """
    networks = _networks()
    if backbone not in networks:
        raise checks.unknown("backbone", backbone, networks)
    checks.check_shape("image_backbone", "shape", shape, rank=3)
    checks.check_choice("image_backbone", "channels", shape[2], (1, 3))
    checks.check_choice("image_backbone", "pool", pool, POOLS)
    if weights is None and trainable is not True:
        raise ArgumentError(
            "`image_backbone` with `weights=None` expects `trainable=True`: "
            "weights that are random have nothing to keep. "
            f"Received: trainable={trainable!r}."
        )
    network = _network(backbone, networks[backbone], (*shape[:2], 3), weights)
    _freeze(network, trainable)
    inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    x = inputs
    if shape[2] == 1:
        x = keras.layers.Concatenate()([x, x, x])
    x = _preprocessed(x, networks[backbone])
    if weights is not None:
        network = Pretrained(network, name=network.name)
    x = network(x) if trainable else network(x, training=False)
    x = places_embedding(x, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")


def _networks():
    """Every network of `keras.applications`, by name."""
    return {
        name: create
        for name, create in vars(keras.applications).items()
        if inspect.isfunction(create)
    }


def _network(backbone, create, shape, weights):
    file = None if weights in (None, "imagenet") else _file(backbone, weights)
    try:
        with warnings.catch_warnings():
            # The weights of a convolution fit every size.
            warnings.filterwarnings("ignore", "`input_shape` is undefined")
            network = create(
                include_top=False,
                weights=weights if file is None else None,
                input_shape=shape,
            )
    except ValueError as error:
        raise ArgumentError(
            f"`image_backbone` cannot build {backbone!r}. {error}"
        ) from error
    except Exception as error:  # What Keras raises is no more special.
        address = re.search(r"URL fetch failure on (\S+?):? ", str(error))
        if address is None:
            raise
        or_file = (
            ""
            if backbone.startswith(_WITHOUT_FILES)
            else "download it elsewhere and pass `weights=` its path, or "
        )
        raise ArgumentError(
            f"`image_backbone` could not download {address[1]}. Try again, "
            f"{or_file}use `weights=None`."
        ) from None
    if file is not None:
        _load(network, backbone, file)
    return network


def _file(backbone, weights):
    expected = (
        '`image_backbone` expects `weights` to be None, "imagenet" or a '
        "`.weights.h5` or `.h5` file."
    )
    if not isinstance(weights, (str, pathlib.Path)):
        raise ArgumentError(f"{expected} Received: {weights!r}.")
    file = pathlib.Path(weights)
    if file.suffix != ".h5":
        raise ArgumentError(f"{expected} Received: {str(file)!r}.")
    if not file.is_file():
        raise ArgumentError(f"{expected} There is no file {str(file)!r}.")
    if backbone.startswith(_WITHOUT_FILES):
        raise ArgumentError(
            f"`image_backbone` takes {backbone!r} with `weights` None or "
            '"imagenet" only. Use an EfficientNetV2 instead.'
        )
    return file


def _load(network, backbone, file):
    try:
        with warnings.catch_warnings():
            # Keras only warns where it leaves a layer as it was.
            warnings.simplefilter("error", UserWarning)
            network.load_weights(file)
    except (ValueError, KeyError, OSError, UserWarning) as error:
        reason = str(error).strip().splitlines()[0]
        raise ArgumentError(
            f"`image_backbone` cannot load {str(file)!r} into {backbone!r} "
            f"without its top. {reason}"
        ) from error


def _freeze(network, trainable):
    if isinstance(trainable, bool):
        network.trainable = trainable
        return
    checks.check_positive("image_backbone", trainable=trainable)
    layers = [layer for layer in network.layers if layer.weights]
    if trainable > len(layers):
        raise ArgumentError(
            f"`image_backbone` expects `trainable` to be at most {len(layers)}"
            f", the layers with weights of {network.name!r}. "
            f"Received: {trainable}."
        )
    for layer in layers[: len(layers) - trainable]:
        layer.trainable = False


def _preprocessed(x, create):
    """What the network was trained with, as layers that a file can hold.

    Each `preprocess_input` is affine, `y_j = a_j x_k(j) + b_j`, with the
    channels in their order or in the opposite one, so black and three colours
    tell all.
    """
    family = create.__module__.rpartition(".")[2]
    preprocess = getattr(keras.applications, family).preprocess_input
    black = preprocess(np.zeros((1, 1, 1, 3), "float32"))[0, 0, 0]
    colours = 255 * np.eye(3, dtype="float32").reshape(3, 1, 1, 3)
    slopes = (preprocess(colours)[:, 0, 0] - black) / 255  # (from, to)
    if slopes[0, 0] == 0:
        x, slopes = keras.ops.flip(x, axis=-1), slopes[::-1]
    scale = np.diag(slopes)
    if (scale == 1).all() and (black == 0).all():
        return x
    # Before the numbers are small, half precision would round them away.
    return keras.layers.Rescaling(
        [float(value) for value in scale],
        [float(value) for value in black],
        dtype="float32",
    )(x)
