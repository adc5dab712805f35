"""An encoder within an encoder: of one frame of a clip, of one of several."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.layers import UnmergeSteps


def inner_encoder(who, encoder, name, shape=None, **usual):
    """The encoder of one part, from a model or from settings.

    Args:
        who: str. The encoder that asks, for the messages.
        encoder: `keras.Model` of one input and one embedding, or a dict of
            settings: `name` of a registered encoder, and its arguments.
        name: str. What the input of an encoder made from settings is called.
        shape: tuple of int or None. What the encoder must take.
        **usual: arguments where the settings have none; an encoder without
            such an argument goes without it.

    Returns:
        `keras.Model`, `(batch, ...)` to `(batch, dim)`.

    Raises:
        ArgumentError: If there is no such encoder or argument, or if the
            model does not take one part, or does not give one embedding.
    """
    if isinstance(encoder, dict):
        if shape is not None:
            usual = {**usual, "shape": tuple(shape)}
        encoder = _made(who, encoder, name, usual)
    inputs = getattr(encoder, "inputs", None)
    if not isinstance(encoder, keras.Model) or not inputs:
        raise ArgumentError(
            f"`{who}` expects `encoder` to be a built `keras.Model`, or "
            "settings such as {'name': 'image_cnn', 'units': 32}. "
            f"Received: {type(encoder).__name__}."
        )
    if len(inputs) != 1:
        raise ArgumentError(
            f"`{who}` expects an `encoder` of one input. "
            f"Received: {[x.name for x in inputs]}."
        )
    if len(encoder.outputs) != 1 or len(encoder.outputs[0].shape) != 2:
        raise ArgumentError(
            f"`{who}` expects an `encoder` of one embedding, (batch, dim). "
            f"Received: {[tuple(x.shape) for x in encoder.outputs]}. "
            "Choose its `pool`."
        )
    taken = tuple(inputs[0].shape[1:])
    if shape is not None and not _fits(taken, shape):
        raise ArgumentError(
            f"`{who}` expects an `encoder` of {tuple(shape)}. "
            f"Received: one that takes {taken}."
        )
    return encoder


def encode_each(encoder, x):
    """Every step by the same encoder; the steps become rows of one batch.

    Args:
        encoder: `keras.Model`, `(batch, ...)` to `(batch, dim)`.
        x: KerasTensor `(batch, steps, ...)`.

    Returns:
        Float KerasTensor `(batch, steps, dim)`.
    """
    y = encoder(ops.reshape(x, (-1, *x.shape[2:])))  # (batch * steps, dim)
    return UnmergeSteps()(y, x)


def _made(who, settings, name, usual):
    checks.check_keys(f"encoder of {who}", settings, settings, ("name",))
    function = registry.get("encoder", settings["name"])
    known = checks.parameters(function)
    usual = {key: value for key, value in usual.items() if key in known}
    return checks.call("encoder", function, {**usual, **settings, "name": name})


def _fits(taken, shape):
    return len(taken) == len(shape) and all(
        x in (None, y) for x, y in zip(taken, shape, strict=True)
    )
