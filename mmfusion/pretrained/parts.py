"""What encoders made of SavedModels share: their inputs and their end."""

import keras
from keras import tree

from mmfusion.encoders.blocks import dense_stack
from mmfusion.errors import ArgumentError
from mmfusion.pretrained.saved_model import SavedModelLayer


def embedding_layer(who, handle, output=None, default="default", **settings):
    """The layer that gives one tensor: `output`, or what is usual.

    Args:
        who: str. The caller, for messages.
        handle: str or path of a SavedModel, or an https URL.
        output: str or None. The key of what it answers.
        default: str. The key where it answers a dict and `output` is None.
        **settings: further arguments of `SavedModelLayer`.

    Returns:
        `SavedModelLayer`.
    """
    layer = SavedModelLayer(handle, output=output, **settings)
    if layer.output_key is None and layer.output_keys:
        if default not in layer.output_keys:
            raise ArgumentError(
                f"`{who}` expects {handle!r} to answer {default!r}. Received: "
                f"{layer.output_keys}. Choose one with `output=`."
            )
        layer.output_key = default
    return layer


def encoder_inputs(who, layer, shape, name):
    """Keras inputs for what a SavedModel takes.

    Args:
        who: str. The caller, for messages.
        layer: `SavedModelLayer`.
        shape: tuple of int or None. The shape of a row of every input; None
            takes that of the SavedModel.
        name: str. The name of a single input.

    Returns:
        A `keras.Input`, or a dict of them by name.
    """
    specs = layer.input_specs
    if isinstance(specs, (list, tuple)):
        raise ArgumentError(
            f"`{who}` expects a SavedModel that takes a tensor or a dict. "
            f"Received: {layer.handle!r}, which takes a list. Use "
            "`SavedModelLayer` in a model of your own."
        )
    if not isinstance(specs, dict):
        return _input(who, specs, shape, name)
    return {key: _input(who, specs[key], shape, key) for key in sorted(specs)}


def _input(who, spec, shape, name):
    taken = tuple(spec.shape.as_list()[1:])
    row = taken if shape is None else tuple(shape)
    if None in row:
        raise ArgumentError(
            f"`{who}` expects `shape`, for the SavedModel leaves the sizes of "
            f"{name!r} open. Received: {row}."
        )
    if not spec.shape[1:].is_compatible_with(row):
        raise ArgumentError(
            f"`{who}` expects `shape` to fit the SavedModel's {taken} for "
            f"{name!r}. Received: {row}."
        )
    return keras.Input(row, dtype=spec.dtype.name, name=name)


def as_vector(who, x, units, dropout):
    """What a SavedModel gives as one embedding a row.

    Args:
        who: str. The caller, for messages.
        x: KerasTensor, float `(batch, dim)`.
        units: int or None. Width of a dense layer on it.
        dropout: float in `[0, 1)`, before the dense layer.

    Returns:
        Float KerasTensor `(batch, units)`, or `x`.
    """
    if not tree.is_nested(x) and len(x.shape) == 2 and x.shape[1] is not None:
        return x if units is None else dense_stack(x, (), units, dropout)
    raise ArgumentError(
        f"`{who}` expects a SavedModel that gives `(batch, dim)`. Received: "
        f"{tree.map_structure(lambda y: tuple(y.shape), x)}. Choose a module "
        "that gives feature vectors, or another `output=`."
    )
