"""What a fusion costs: parameters that learn, and FLOPs of a row."""

import keras
import numpy as np

import mmfusion as mm

UNITS, STEPS, CLASSES = 64, 10, 10


def built(kind, name):
    """A layer at the size that docstrings name, and its arguments."""
    thing = mm.registry.get(kind, name)
    if kind == "decision":
        layer = thing(UNITS) if name == "stacked" else thing()
        shape = (1, CLASSES)
    else:
        layer = thing(UNITS)
        steps = layer.embedding_rank == 3
        shape = (1, STEPS, UNITS) if steps else (1, UNITS)
    x = {name: np.ones(shape, "float32") for name in ("a", "b")}
    layer(x)
    return layer, x


def parameters(layer):
    """Trainable numbers."""
    return sum(int(np.prod(w.shape)) for w in layer.trainable_weights)


def flops(layer, x):
    """FLOPs of a row, as TensorFlow counts them in the graph of a call."""
    import tensorflow as tf

    inputs = {
        name: keras.Input(batch_shape=part.shape, name=name)
        for name, part in x.items()
    }
    model = keras.Model(inputs, layer(inputs))
    call = tf.function(lambda x: model(x, training=False))
    graph = call.get_concrete_function(
        {n: tf.TensorSpec(part.shape) for n, part in x.items()}
    ).graph
    profile = tf.compat.v1.profiler
    options = profile.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    return profile.profile(graph, options=options).total_float_ops
