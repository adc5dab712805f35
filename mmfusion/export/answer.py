"""What a served model answers: numbers, classes and a status for each row."""

import json

import tensorflow as tf

from mmfusion.export import signature
from mmfusion.ops import keep_rows


def join_reasons(reasons):
    """Joins string tensors `(batch,)` by "; ", leaving out the empty ones.

    Example:

    >>> import tensorflow as tf
    >>> a, b = tf.constant(["x", "", ""]), tf.constant(["y", "z", ""])
    >>> join_reasons([a, b]).numpy().tolist()
    [b'x; y', b'z', b'']
    """
    joined, *others = reasons
    for reason in others:
        both = tf.logical_and(joined != "", reason != "")
        separator = tf.where(both, "; ", "")
        joined = tf.strings.join([joined, separator, reason])
    return joined


def answer(model, outputs, reason):
    """Adds classes and a status, and blanks the rows that are not ok.

    A row whose status is not "ok" has zeros for numbers and "" for a class:
    NaN, which JSON cannot hold, never leaves the graph.

    Args:
        model: FusionModel that gave `outputs`.
        outputs: dict of output name to float tensor `(batch, ...)`.
        reason: string tensor `(batch,)`, "" where the request was fine.

    Returns:
        Dict: `outputs`, a string tensor `<name>_class` `(batch,)` for each
        output that has classes, and `status` `(batch,)`.
    """
    not_finite = [
        tf.where(_finite(values), "", f"{name}: the answer is not finite")
        for name, values in sorted(outputs.items())
    ]
    # What broke the row explains it; that its answer is void adds nothing.
    reason = tf.where(reason == "", join_reasons(not_finite), reason)
    ok = reason == ""
    answers = {"status": tf.where(ok, "ok", reason)}
    for name, values in outputs.items():
        rows = tf.reshape(ok, (-1,) + (1,) * (len(values.shape) - 1))
        answers[name] = tf.where(rows, values, tf.zeros_like(values))
        classes = signature.classes(model, name)
        if classes is not None:
            best = tf.gather(class_names(classes), tf.argmax(values, axis=-1))
            answers[f"{name}_class"] = tf.where(ok, best, "")
    return answers


def not_a_number(model, tensors):
    """Why a row of tensors cannot be answered: "facts: not a number".

    An answer need not show it: a rectifier turns NaN into zero. What lies in
    a step that does not count is not looked at, as the model does not.

    Args:
        model: FusionModel.
        tensors: dict of every input of the model.

    Returns:
        String tensor `(batch,)`; "" where all numbers are finite, or absent.
    """
    reasons = []
    for name, part in sorted(model.modalities.items()):
        mask = f"{name}_mask"
        for key in part["inputs"]:
            values = tensors[key]
            if not values.dtype.is_floating:
                continue
            if mask in part["inputs"]:
                values = keep_rows(tensors[mask], values)
            fine = _finite(values)
            if part["flag"]:
                fine = tf.logical_or(fine, ~tensors[part["flag"]])
            reasons.append(tf.where(fine, "", f"{name}: not a number"))
    first = next(iter(tensors.values()))
    return join_reasons([tf.fill(tf.shape(first)[:1], ""), *reasons])


def class_names(classes):
    """Classes as text: a string as it is, any other value as JSON."""
    return [x if isinstance(x, str) else json.dumps(x) for x in classes]


def _finite(values):
    axes = list(range(1, len(values.shape)))
    return tf.reduce_all(tf.math.is_finite(values), axis=axes)
