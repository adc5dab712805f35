"""What an encoder is made of and costs, counted layer by layer."""

import math

import keras
import numpy as np

from mmfusion.layers import TransformerBlock


def trainable(model):
    """Trainable numbers."""
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def flops(model):
    """FLOPs of one row in products of matrices; 2 a multiply-add."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            total += flops(layer)
        elif isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
            places = np.prod(layer.output.shape[1:-1], dtype=int)
            total += 2 * int(places) * math.prod(layer.kernel.shape)
        elif isinstance(layer, TransformerBlock):
            steps, dim = layer.output.shape[1:]
            kernels = [w for w in layer.weights if "kernel" in w.name]
            total += sum(2 * steps * math.prod(w.shape) for w in kernels)
            total += 2 * 2 * steps**2 * dim  # Scores, and the sum they weigh.
    return total


def layers(model, kind):
    """The layers of one class, in the order in which they were made."""
    return [layer for layer in model.layers if isinstance(layer, kind)]
