"""A training step's outcome and gradients, on every backend."""

import keras
import numpy as np
import pytest
from keras import ops

# JAX has doubles only where a process asks for them at its start.
DOUBLES = pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="no float64 on JAX"
)


def training_step(layer, x, upstream, jit=False, paths=False):
    """What a built layer gives in training, and its gradients.

    Compiled by XLA if `jit`, and always on JAX.

    Returns:
        Dict of float32 arrays: `"y"`, `"dx"`, the gradient of each trainable
        weight and the value of each other one after the step, by name or,
        where `paths`, by path.
    """
    run = _tensorflow if keras.backend.backend() == "tensorflow" else _jax
    y, dx, dweights, others = run(layer, x, upstream, jit)
    found = {"y": y, "dx": dx}
    for variables, values in (
        (layer.trainable_variables, dweights),
        (layer.non_trainable_variables, others),
    ):
        for variable, value in zip(variables, values, strict=True):
            path = variable.path
            found[path if paths else path.split("/")[-1]] = value
    return {
        name: np.asarray(ops.cast(value, "float32"))
        for name, value in found.items()
    }


def _loss(y, upstream):
    return ops.sum(ops.cast(y, "float32") * upstream)


def _tensorflow(layer, x, upstream, jit):
    import tensorflow as tf

    weights = [v.value for v in layer.trainable_variables]

    @tf.function(jit_compile=jit)
    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=True)
            loss = _loss(y, upstream)
        return y, tape.gradient(loss, [x, *weights])

    y, (dx, *dweights) = step(ops.convert_to_tensor(x))
    return y, dx, dweights, [v.value for v in layer.non_trainable_variables]


def _jax(layer, x, upstream, _):
    import jax

    def loss(weights, x, others):
        y, others = layer.stateless_call(weights, others, x, training=True)
        return _loss(y, upstream), (y, others)

    step = jax.value_and_grad(loss, argnums=(0, 1), has_aux=True)
    (_, (y, others)), (dweights, dx) = jax.jit(step)(
        [v.value for v in layer.trainable_variables],
        ops.convert_to_tensor(x),
        [v.value for v in layer.non_trainable_variables],
    )
    return y, dx, dweights, others
