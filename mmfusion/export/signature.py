"""The tensors of an exported model: their names, shapes and dtypes."""

import keras
import tensorflow as tf

from mmfusion.errors import ArgumentError
from mmfusion.export.write import traced
from mmfusion.models import FusionModel


def check_model(who, model, inputs=None):
    """`model` can be exported under names that every server accepts."""
    if keras.backend.backend() != "tensorflow":
        raise ArgumentError(
            f"`{who}` needs Keras on TensorFlow. Received: the backend "
            f"{keras.backend.backend()!r}. Save the model, and export it in a "
            "process with KERAS_BACKEND=tensorflow."
        )
    if not isinstance(model, FusionModel):
        raise ArgumentError(
            f"`{who}` expects a model of `mmfusion.models`. "
            f"Received: {type(model).__name__}."
        )
    _check_outputs(who, model)
    if inputs is not None:
        _check_inputs(who, model, inputs)


def specs(model, batch=None, without=()):
    """What the model takes, as tensor specs by name.

    Args:
        model: FusionModel.
        batch: int or None. Rows of a request; None for any number.
        without: names of modalities whose tensors and flag are left out.

    Returns:
        Dict of input name to `tf.TensorSpec` of shape `(batch, ...)`.
    """
    dropped = {
        key
        for name in without
        for key in (*model.modalities[name]["inputs"], flag(model, name))
    }
    return {
        tensor.name: tf.TensorSpec(
            (batch, *tensor.shape[1:]), tensor.dtype, tensor.name
        )
        for tensor in model.inputs
        if tensor.name not in dropped
    }


def call(model, tensors):
    """The outputs that answer; heads that only help to train are left out."""
    outputs = model(tensors, training=False)
    return {name: outputs[name] for name in model.main_tasks}


def graph(model):
    """`call` of one model as a graph, traced once for all signatures.

    It answers no rows as well, where oneDNN's convolutions fail.
    """

    some_rows = traced(lambda tensors: call(model, tensors), specs(model))

    def no_rows():
        return {
            name: tf.zeros(
                [size or 0 for size in model.output[name].shape],
                model.output[name].dtype,
            )
            for name in model.main_tasks
        }

    def answer(tensors):
        rows = tf.shape(next(iter(tensors.values())))[0]
        return tf.cond(rows > 0, lambda: some_rows(tensors), no_rows)

    return answer


def flag(model, name):
    """The input that says whether a modality is there, or None."""
    return model.modalities[name]["flag"]


def classes(model, output):
    """Classes or labels of an output, as JSON values, or None: no such."""
    return model.main_tasks[output].classes


def with_same_rows(who, tensors):
    """The tensors, once each has as many rows as the first.

    The message of the error in the graph names both. What does not follow
    from the tensors returned may run, and fail, before it.
    """
    first, *others = sorted(tensors)
    checked = [
        tf.debugging.assert_equal(
            tf.shape(tensors[name])[0],
            tf.shape(tensors[first])[0],
            message=f"`{who}` expects as many rows in {name!r} as in "
            f"{first!r}.",
        )
        for name in others
    ]
    with tf.control_dependencies(checked):
        return {name: tf.identity(x) for name, x in tensors.items()}


def _check_outputs(who, model):
    names = set(model.main_tasks)
    for name in sorted(names):
        if name.endswith("_bytes"):
            # A server's REST interface takes it for base64.
            raise ArgumentError(
                f"`{who}` expects no output to end in `_bytes`, which servers "
                f"take for base64. Received: {name!r}. Rename the task."
            )
        parts = {name.removesuffix(end) for end in ("_class", "_labels")}
        if name == "status" or parts & (names - {name}):
            raise ArgumentError(
                f"`{who}` answers {name!r} itself, so no task can have that "
                "name. Rename the task."
            )


def _check_inputs(who, model, inputs):
    if sorted(inputs) != sorted(model.modalities):
        raise ArgumentError(
            f"`{who}` expects `inputs` for the modalities "
            f"{sorted(model.modalities)}. Received: {sorted(inputs)}."
        )
    known = specs(model)
    for name, modality in sorted(inputs.items()):
        keys = model.modalities[name]["inputs"]
        if len(keys) != 1:
            raise ArgumentError(
                f"`{who}` expects one tensor for modality {name!r}. Received: "
                f"a model that takes {keys}. Export it without `inputs`."
            )
        made = (*modality.shape,), tf.as_dtype(modality.dtype)
        taken = (*known[keys[0]].shape[1:],), known[keys[0]].dtype
        if made != taken:
            raise ArgumentError(
                f"`{who}` expects modality {name!r} to give {taken[1].name} "
                f"{taken[0]}. Received: {made[1].name} {made[0]}."
            )
    _check_request_names(who, model, inputs)


def _check_request_names(who, model, inputs):
    names = [modality.raw_name(name) for name, modality in inputs.items()]
    names += [flag(model, name) for name in model.optional]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ArgumentError(
            f"`{who}` expects every modality to have a request name of its "
            f"own. Received twice: {twice}. Rename a modality."
        )
