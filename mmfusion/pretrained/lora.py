"""The factors of LoRA in a file: kept apart from what they are added to."""

import keras
from keras import ops

from mmfusion import registry


@registry.serializable
class Lora(keras.layers.Layer):
    """Saves and loads the LoRA factors of a backbone; it computes nothing.

    Keras saves the sum `W + s A B` and loads it with `A = B = 0`, where both
    gradients are zero: such a model never learns again. This layer, loaded
    after the backbone, restores `A` and `B` and takes `s A B` off the sum.

    Args:
        backbone: `keras_hub.models.Backbone` with LoRA enabled.
    """

    def __init__(self, backbone, **kwargs):
        super().__init__(**kwargs)
        found = [
            layer
            for layer in backbone._flatten_layers(include_self=False)
            if getattr(layer, "lora_enabled", False)
        ]
        self._adapted = lambda: found  # A list would be tracked twice.
        self.built = True

    @property
    def num_layers(self):
        return len(self._adapted())

    def call(self, inputs):
        return inputs

    def save_own_variables(self, store):
        for i, layer in enumerate(self._adapted()):
            store[f"{i}_a"] = layer.lora_kernel_a
            store[f"{i}_b"] = layer.lora_kernel_b

    def load_own_variables(self, store):
        for i, layer in enumerate(self._adapted()):
            a, b = store[f"{i}_a"], store[f"{i}_b"]
            layer.lora_kernel_a.assign(a)
            layer.lora_kernel_b.assign(b)
            scale = layer.lora_alpha / layer.lora_rank
            added = ops.matmul(layer.lora_kernel_a, layer.lora_kernel_b)
            kernel = _kernel(layer)
            kernel.assign(kernel - ops.cast(scale * added, kernel.dtype))


def _kernel(layer):
    """The variable itself; `layer.kernel` is the sum."""
    return next(v for v in layer.weights if v.name == "kernel")
