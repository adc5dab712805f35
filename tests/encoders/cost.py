"""What an encoder is made of and costs, counted layer by layer."""

import math

import keras
import numpy as np


def trainable(model):
    """Trainable numbers."""
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def flops(model):
    """FLOPs of one row in convolutions and dense layers; 2 a multiply-add."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            total += flops(layer)
        elif isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
            places = np.prod(layer.output.shape[1:-1], dtype=int)
            total += 2 * int(places) * math.prod(layer.kernel.shape)
    return total


def layers(model, kind):
    """The layers of one class, in the order in which they were made."""
    return [layer for layer in model.layers if isinstance(layer, kind)]
