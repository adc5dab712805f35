"""A fusion, compiled: what it gives and all its gradients, on any backend."""

import keras
import numpy as np
from keras import ops, tree


class Compiled:
    """A built layer as two compiled functions of its arguments.

    Args:
        layer: a `Fusion`, built.
    """

    def __init__(self, layer):
        self.layer = layer
        on_jax = keras.backend.backend() == "jax"
        make = _on_jax if on_jax else _on_tensorflow
        self._forward, self._gradients = make(layer)

    def __call__(self, arguments):
        """What the layer gives, an array."""
        return np.asarray(self._forward(_tensors(arguments)))

    def outcome(self, arguments, upstream):
        """What it gives in training, and the gradients of `sum(y upstream)`.

        Returns:
            `(y, gradients of embeddings by name, gradients of weights)`.
        """
        y, inputs, weights = self._gradients(_tensors(arguments), upstream)
        return tree.map_structure(np.asarray, (y, inputs, list(weights)))


def _tensors(arguments):
    return tree.map_structure(ops.convert_to_tensor, arguments)


def _on_tensorflow(layer):
    import tensorflow as tf

    @tf.function
    def forward(arguments):
        return layer(**arguments)

    @tf.function
    def gradients(arguments, upstream):
        x = arguments["embeddings"]
        weights = [v.value for v in layer.trainable_variables]
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(**arguments, training=True)
            loss = tf.reduce_sum(y * upstream)
        found, of_weights = tape.gradient(
            loss, [x, weights], unconnected_gradients="zero"
        )
        return y, found, [tf.convert_to_tensor(g) for g in of_weights]

    return forward, gradients


def _on_jax(layer):
    import jax

    values = [v.value for v in layer.trainable_variables]
    others = [v.value for v in layer.non_trainable_variables]

    def apply(weights, embeddings, rest, training=False):
        y, _ = layer.stateless_call(
            weights, others, embeddings, **rest, training=training
        )
        return y

    def split(arguments):
        rest = {k: v for k, v in arguments.items() if k != "embeddings"}
        return arguments["embeddings"], rest

    @jax.jit
    def forward(arguments):
        return apply(values, *split(arguments))

    @jax.jit
    def gradients(arguments, upstream):
        embeddings, rest = split(arguments)

        def loss(weights, x):
            y = apply(weights, x, rest, training=True)
            return ops.sum(y * upstream), y

        (_, y), (of_weights, found) = jax.value_and_grad(
            loss, argnums=(0, 1), has_aux=True
        )(values, embeddings)
        return y, found, of_weights

    return forward, gradients
