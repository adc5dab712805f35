"""What a fusion gives, and all gradients of it, on every backend."""

import keras
import numpy as np
from keras import ops


def outcome(layer, arguments, upstream):
    """The outcome of a built layer and the gradients of `sum(y upstream)`.

    Returns:
        `(y, gradients of embeddings by name, gradients of weights)`, arrays.
    """
    run = _tensorflow if keras.backend.backend() == "tensorflow" else _jax
    y, inputs, weights = run(layer, arguments, upstream)
    return (
        np.asarray(y),
        {name: np.asarray(g) for name, g in inputs.items()},
        [np.asarray(g) for g in weights],
    )


def _tensorflow(layer, arguments, upstream):
    import tensorflow as tf

    names = sorted(arguments["embeddings"])
    rest = {k: v for k, v in arguments.items() if k != "embeddings"}
    x = [tf.constant(arguments["embeddings"][name]) for name in names]
    weights = [v.value for v in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(dict(zip(names, x, strict=True)), **rest)
        loss = tf.reduce_sum(y * upstream)
    found, of_weights = tape.gradient(
        loss, [x, weights], unconnected_gradients="zero"
    )
    dense = [tf.convert_to_tensor(g) for g in of_weights]
    return y, dict(zip(names, found, strict=True)), dense


def _jax(layer, arguments, upstream):
    import jax

    rest = {k: v for k, v in arguments.items() if k != "embeddings"}
    others = [v.value for v in layer.non_trainable_variables]

    def loss(weights, x):
        y, _ = layer.stateless_call(weights, others, x, **rest)
        return ops.sum(y * upstream), y

    (_, y), (of_weights, found) = jax.value_and_grad(
        loss, argnums=(0, 1), has_aux=True
    )(
        [v.value for v in layer.trainable_variables],
        {
            n: ops.convert_to_tensor(v)
            for n, v in arguments["embeddings"].items()
        },
    )
    return y, found, of_weights
