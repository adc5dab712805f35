"""The graph that serves raw values: bytes and text in, answers out."""

import numpy as np
import tensorflow as tf

from mmfusion.export import signature
from mmfusion.export.answer import answer, join_reasons
from mmfusion.ops import keep_rows


def raw_specs(model, inputs):
    """What a raw request holds, as tensor specs by request name.

    Text and bytes are absent where they are empty. A modality that is sent as
    numbers has no empty value, so an optional one keeps its flag. One that no
    graph can decode is sent as its tensor, with its mask of steps.
    """
    specs = {}
    for name, modality in sorted(inputs.items()):
        spec, key = modality.raw_spec, modality.raw_name(name)
        specs[key] = tf.TensorSpec((None, *spec.shape), spec.dtype, key)
        if not modality.decodes:
            mask = f"{name}_mask"
            specs[mask] = tf.TensorSpec((None, modality.steps), "bool", mask)
        flag = signature.flag(model, name)
        if flag and not _may_be_empty(modality):
            specs[flag] = tf.TensorSpec((None,), "bool", flag)
    return specs


def raw_endpoint(model, inputs, graph):
    """The function behind `serving_raw`.

    Args:
        model: FusionModel.
        inputs: dict of modality name to modality object, one for each.
        graph: function of tensors to outputs, as `signature.graph` makes it.

    Returns:
        Function of a dict as `raw_specs` describes it to the dict of `answer`.
    """

    def serve(request):
        request = signature.with_same_rows("serving_raw", request)
        tensors, reasons = {}, []
        for name, modality in sorted(inputs.items()):
            raw, mask = request[modality.raw_name(name)], f"{name}_mask"
            if modality.decodes:
                values, steps, reason = _read_rows(modality, raw)
            else:
                values, steps, reason = _as_sent(modality, raw, request[mask])
            tensors[name] = values
            if steps is not None:
                tensors[mask] = steps
            flag = signature.flag(model, name)
            if flag:
                present = reason != "missing"
                if flag in request:
                    present = tf.logical_and(present, request[flag])
                tensors[flag] = present
                reason = tf.where(present, reason, "")
            reasons.append(
                tf.where(
                    reason == "", "", tf.strings.join([f"{name}: ", reason])
                )
            )
        outputs = graph(tensors)
        return answer(model, outputs, join_reasons(reasons))

    return serve


def raw_request(model, inputs, raw, without=()):
    """Raw values of some rows as the arrays of one request.

    Args:
        model: FusionModel.
        inputs: dict of modality name to modality object.
        raw: dict of modality name to a list with a raw value, or None, for
            each row, as `Modality.raw` gives it.
        without: names of optional modalities to leave empty in every row.

    Returns:
        Dict of request name to tensor `(batch, ...)`.
    """
    request = {}
    for name, modality in sorted(inputs.items()):
        spec, flag = modality.raw_spec, signature.flag(model, name)
        given = [None if name in without else value for value in raw[name]]
        empty = tf.zeros(spec.shape, spec.dtype)  # "" where it is text.
        encode = (lambda x: x) if modality.decodes else modality.encode
        request[modality.raw_name(name)] = tf.stack(
            [
                empty
                if value is None
                else tf.constant(encode(value), spec.dtype)
                for value in given
            ]
        )
        if not modality.decodes:
            none = np.zeros(modality.steps, bool)
            request[f"{name}_mask"] = tf.stack(
                [none if x is None else modality.mask(x) for x in given]
            )
        if flag and not _may_be_empty(modality):
            request[flag] = tf.constant([value is not None for value in given])
    return request


def _may_be_empty(modality):
    return modality.raw_spec.dtype == tf.string


def _read_rows(modality, raw):
    """Values `(batch, ...)`, masks or None, reasons `(batch,)`.

    With each reason the values are zeros and no step is there.
    """
    specs = [tf.TensorSpec(modality.shape, modality.dtype)]
    if modality.steps is not None:
        specs.append(tf.TensorSpec((modality.steps,), "bool"))

    def nothing():
        return tuple(tf.zeros(spec.shape, spec.dtype) for spec in specs)

    def something(value):
        made = modality.from_raw(value)[: len(specs)]
        return tuple(
            tf.ensure_shape(x, spec.shape)
            for x, spec in zip(made, specs, strict=True)
        )

    def read(value):
        reason = modality.check(value)
        made = tf.cond(reason == "", lambda: something(value), nothing)
        return *made, reason

    placeholder = tf.data.Dataset.from_tensors(
        (*nothing(), "cannot be decoded")
    )

    def read_row(value):
        # An error in a graph ends the whole request. A data set of one element
        # can drop it instead; the placeholder then speaks for the row.
        row = tf.data.Dataset.from_tensors(value).map(read).ignore_errors()
        return row.concatenate(placeholder).take(1).get_single_element()

    found = tf.map_fn(
        read_row,
        raw,
        fn_output_signature=(*specs, tf.TensorSpec((), tf.string)),
    )
    return found[0], found[1] if len(specs) > 1 else None, found[-1]


def _as_sent(modality, raw, mask):
    """The same of tensors that a request holds itself."""
    values = tf.map_fn(
        modality.transform,
        raw,
        fn_output_signature=tf.TensorSpec(modality.shape, modality.dtype),
    )
    finite = tf.math.is_finite(keep_rows(mask, values))
    finite = tf.reduce_all(finite, axis=list(range(1, len(values.shape))))
    reason = tf.where(finite, "", "not a number")
    reason = tf.where(tf.reduce_any(mask, axis=1), reason, "missing")
    return values, mask & (reason == "")[:, None], reason
