"""Several raw values of a served request: which there are, what they become."""

import numpy as np
import tensorflow as tf


def filled(of, given, most):
    """`most` raw values: those that are given, then some that are none.

    Args:
        of: the modality object of one value.
        given: list of its raw values.
        most: int.
    """
    spec, none = of.raw_spec, b""
    if spec.dtype != tf.string:
        none = np.full(spec.shape, np.nan, spec.dtype.as_numpy_dtype)
    return [*given[:most], *[none] * (most - len(given))]


def check(of, raw):
    """Why a row cannot be read: the first of its values that is wrong.

    Args:
        of: the modality object of one value.
        raw: tensor `(most, ...)` of its raw values.

    Returns:
        String tensor `()`, such as "value 2: missing"; "" where all can be
        read, "missing" where there is none.
    """
    reasons = _reasons(of, raw)
    there = reasons != "missing"
    numbers = tf.strings.as_string(tf.range(1, raw.shape[0] + 1))
    wrong = tf.boolean_mask(
        tf.strings.join(["value ", numbers, ": ", reasons]),
        there & (reasons != ""),
    )
    # The first one that is wrong; the empty text where there is none.
    status = tf.concat([wrong, [""]], axis=0)[0]
    return tf.where(tf.reduce_any(there), status, "missing")


def made(of, raw):
    """The tensors of the values that there are, in order.

    Args:
        of: the modality object of one value.
        raw: tensor `(most, ...)` of its raw values.

    Returns:
        Tensor `(values, ...)`; `values` is `most` or less.
    """
    return tf.map_fn(
        lambda one: of.from_raw(one)[0],
        tf.boolean_mask(raw, _reasons(of, raw) == ""),
        fn_output_signature=tf.TensorSpec(of.shape, of.dtype),
    )


def _reasons(of, raw):
    return tf.map_fn(
        of.check, raw, fn_output_signature=tf.TensorSpec((), tf.string)
    )
