"""What a served model answers: numbers, words and a status for each row."""

import json

import tensorflow as tf

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
    """Adds words and a status, and blanks the rows that are not ok.

    A row whose status is not "ok" has zeros for numbers and "" for words: NaN,
    which JSON cannot hold, never leaves the graph.

    Args:
        model: FusionModel that gave `outputs`.
        outputs: dict of output name to float tensor `(batch, ...)`.
        reason: string tensor `(batch,)`, "" where the request was fine.

    Returns:
        Dict: `outputs`, numbers as `served_values` has them; a string tensor
        `(batch,)` for each that has classes, `<name>_class`, or labels,
        `<name>_labels`, those that are answered, joined by "|"; and `status`
        `(batch,)`.
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
        task = model.main_tasks[name]
        values = tf.where(rows, values, tf.zeros_like(values))
        answers[name] = served_values(task, values)
        for suffix, words in _WORDS[task.gives](task, values).items():
            answers[name + suffix] = tf.where(ok, words, "")
    return answers


def served_values(task, values):
    """What is served of a model's output: of a number the column `(batch,)`.

    Args:
        task: the task of the output.
        values: tensor or array `(batch, columns)`.
    """
    return values[..., 0] if task.gives == "values" else values


def _class(task, values):
    names = class_names(task.classes)
    return {"_class": tf.gather(names, tf.argmax(values, axis=-1))}


def _labels(task, values):
    """Labels in one text: a signature gives no ragged tensor."""
    names = tf.constant([f"{name}|" for name in class_names(task.classes)])
    found = tf.where(values > task.threshold, names[None, :], "")
    joined = tf.strings.reduce_join(found, axis=-1)
    return {"_labels": tf.strings.regex_replace(joined, r"\|$", "")}


# What a task's answer is in words, by what it gives.
_WORDS = {
    "probabilities": _class,
    "labels": _labels,
    "values": lambda task, values: {},
}


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
