"""Batches of fewer steps than a model was built for: who takes them."""

import weakref

import keras
import numpy as np
from keras import tree

from mmfusion.errors import ArgumentError

# Of the largest number that an encoder gives. What is wrong is wrong by far;
# matrices of other shapes round otherwise.
_TOLERANCE = 0.01
_equal = weakref.WeakSet()  # Encoders that gave the same.


def step_inputs(tensors, mask):
    """Names of the inputs whose second axis is steps, of which rows have less.

    Args:
        tensors: dict of input name to KerasTensor, of one modality.
        mask: str. What the input would be called that says which steps count.

    Returns:
        List of names: those beside a mask, and the mask; one input of ids,
        `(batch, length)` whole numbers; else none.
    """
    if mask in tensors:
        steps = tensors[mask].shape[1]
        return [name for name, x in tensors.items() if x.shape[1] == steps]
    ids = [
        name
        for name, x in tensors.items()
        if len(x.shape) == 2 and str(x.dtype).startswith(("int", "uint"))
    ]
    return ids if len(tensors) == 1 else []


def steps_of(model):
    """The inputs with steps of each modality of a `FusionModel`, by name.

    Returns:
        Dict of modality name to dict of input name to the most steps.
    """
    given = {}
    for name, part in model.modalities.items():
        tensors = {key: model.input[key] for key in part["inputs"]}
        names = step_inputs(tensors, f"{name}_mask")
        if names:
            given[name] = {key: tensors[key].shape[1] for key in names}
    return given


def allow(model):
    """Lets a `FusionModel`, and its encoders, be called with fewer steps.

    Its inputs keep their shapes: what is exported takes all steps. Only the
    check that a batch has all of them is taken away.

    Args:
        model: a `FusionModel`.
    """
    keys = [key for given in steps_of(model).values() for key in given]
    _relax(model, keys)
    for part in model.modalities.values():
        allow_encoder(model.get_layer(part["encoder"]))


def allow_encoder(encoder):
    """The same for an encoder alone, and for those it only wraps.

    Args:
        encoder: `keras.Model`.
    """
    tensors = {x.name: x for x in encoder.inputs}
    names = step_inputs(tensors, "mask")
    if not names:
        return
    _relax(encoder, names)
    shapes = [tuple(x.shape) for x in encoder.inputs]
    for layer in encoder.layers:
        inner = isinstance(layer, keras.Model) and layer.inputs
        if inner and [tuple(x.shape) for x in layer.inputs] == shapes:
            allow_encoder(layer)


def check_fewer(model, names):
    """Refuses fewer steps where they would change what an encoder gives.

    Each encoder is asked once, with rows that end before the last step: with
    all steps, and with those that the rows have.

    Args:
        model: a `FusionModel`.
        names: the modalities whose batches shall have fewer steps; one that
            the model has not is passed over.

    Raises:
        ArgumentError: If an encoder has no steps, fails, or gives another
            answer.
    """
    for name in sorted(set(names) & set(model.modalities)):
        encoder = model.get_layer(model.modalities[name]["encoder"])
        if encoder in _equal:
            continue
        reason = _fault(encoder)
        if reason:
            raise ArgumentError(
                f"`{model.name}` cannot take fewer steps of {name!r} than it "
                f"was built for: {reason}. Leave {name!r} out of `buckets`, "
                "give it all steps, or choose another encoder."
            )
        _equal.add(encoder)


def _relax(model, names):
    specs = model.input_spec
    for spec in specs or ():
        if spec.name in names:
            spec.shape = (spec.shape[0], None, *spec.shape[2:])
    model.input_spec = specs


def _fault(encoder):
    """Why an encoder gives something else for fewer steps, or None."""
    tensors = {x.name: x for x in encoder.inputs}
    names = step_inputs(tensors, "mask")
    if not names:
        return "its encoder has no mask of steps and takes no ids"
    if any(_unrolled(layer) for layer in encoder.layers):
        return "its GRU is unrolled"
    steps = tensors[names[0]].shape[1]
    allow_encoder(encoder)
    # Of a single step Keras' softmax warns.
    few = max(steps // 2, 2) if steps > 2 else 1
    whole = {name: _rows(x, name in names, few) for name, x in tensors.items()}
    cut = {
        name: x[:, :few] if name in names else x for name, x in whole.items()
    }
    try:
        expected, found = _answer(encoder, whole), _answer(encoder, cut)
    except Exception as error:  # Whatever its layers raise.
        return f"its encoder fails with fewer ({type(error).__name__})"
    if isinstance(found, dict) and "mask" in found:
        mask = found["mask"]
        expected = {key: x[:, : mask.shape[1]] for key, x in expected.items()}
        found["sequence"] = found["sequence"][mask]
        expected["sequence"] = expected["sequence"][mask]
    equal = tree.map_structure(_close, expected, found)
    if not all(tree.flatten(equal)):
        return "its encoder counts what is behind the end of a row"
    return None


def _rows(x, with_steps, few):
    """Two rows of an input, one of `few` steps and one of a single step."""
    shape = (2, *x.shape[1:])
    if str(x.dtype).startswith("float"):
        rows = np.random.default_rng(0).normal(size=shape)
    else:
        rows = np.ones(shape)
    if with_steps:
        ends = np.array([few, 1])[:, None]
        there = np.arange(shape[1]) < ends
        rows = rows * there.reshape(there.shape + (1,) * (len(shape) - 2))
    return rows.astype(x.dtype)


def _answer(encoder, inputs):
    single = next(iter(inputs.values()))
    y = encoder(inputs if len(inputs) > 1 else single, training=False)
    return tree.map_structure(_array, y)


def _array(x):
    x = keras.ops.convert_to_tensor(x)
    bool_ = keras.backend.standardize_dtype(x.dtype) == "bool"
    return keras.ops.convert_to_numpy(
        x if bool_ else keras.ops.cast(x, "float32")
    )


def _close(expected, found):
    if expected.shape != found.shape:
        return False
    if expected.dtype == bool:
        return np.array_equal(expected, found)
    size = np.abs(expected).max(initial=1e-3)
    return bool(np.abs(expected - found).max(initial=0.0) <= _TOLERANCE * size)


def _unrolled(layer):
    """Whether a recurrent layer is as long as it was built."""
    one = getattr(layer, "forward_layer", layer)
    return bool(getattr(one, "unroll", False))
