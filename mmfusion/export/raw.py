"""The graph that serves raw values: bytes and text in, answers out."""

import tensorflow as tf

from mmfusion.export import signature
from mmfusion.export.answer import answer, join_reasons


def raw_specs(model, inputs):
    """What a raw request holds, as tensor specs by request name.

    Text and bytes are absent where they are empty. A modality that is sent as
    numbers has no empty value, so an optional one keeps its flag.
    """
    specs = {}
    for name, modality in sorted(inputs.items()):
        spec, key = modality.raw_spec, modality.raw_name(name)
        specs[key] = tf.TensorSpec((None, *spec.shape), spec.dtype, key)
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
            raw = request[modality.raw_name(name)]
            values, reason = _read_rows(modality, raw)
            tensors[model.modalities[name]["inputs"][0]] = values
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
            each row.
        without: names of optional modalities to leave empty in every row.

    Returns:
        Dict of request name to tensor `(batch, ...)`.
    """
    request = {}
    for name, modality in sorted(inputs.items()):
        spec, flag = modality.raw_spec, signature.flag(model, name)
        given = [None if name in without else value for value in raw[name]]
        empty = tf.zeros(spec.shape, spec.dtype)  # "" where it is text.
        request[modality.raw_name(name)] = tf.stack(
            [
                empty if value is None else tf.constant(value, spec.dtype)
                for value in given
            ]
        )
        if flag and not _may_be_empty(modality):
            request[flag] = tf.constant([value is not None for value in given])
    return request


def _may_be_empty(modality):
    return modality.raw_spec.dtype == tf.string


def _read_rows(modality, raw):
    """Values `(batch, ...)` and reasons `(batch,)`, zeros with each reason."""
    shape, dtype = tuple(modality.shape), tf.as_dtype(modality.dtype)

    def read(value):
        reason = modality.check(value)
        tensor = tf.cond(
            reason == "",
            lambda: tf.ensure_shape(
                modality.transform(modality.decode(value)), shape
            ),
            lambda: tf.zeros(shape, dtype),
        )
        return tensor, reason

    placeholder = tf.data.Dataset.from_tensors(
        (tf.zeros(shape, dtype), "cannot be decoded")
    )

    def read_row(value):
        # An error in a graph ends the whole request. A data set of one element
        # can drop it instead; the placeholder then speaks for the row.
        row = tf.data.Dataset.from_tensors(value).map(read).ignore_errors()
        return row.concatenate(placeholder).take(1).get_single_element()

    return tf.map_fn(
        read_row,
        raw,
        fn_output_signature=(
            tf.TensorSpec(shape, dtype),
            tf.TensorSpec((), tf.string),
        ),
    )
