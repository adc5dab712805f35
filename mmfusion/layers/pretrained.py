"""A network that has learned before; what it began with is kept."""

import keras
import numpy as np

from mmfusion import registry
from mmfusion.errors import ArgumentError
from mmfusion.layers import initial_weights


@registry.serializable
class Pretrained(keras.layers.Layer):
    """Runs a network that has learned before, of which copies begin alike.

        y = backbone(x)

    Keras makes a copy from a config, which has no weights. A copy of this
    layer (`keras.models.clone_model`, `models.alone`, `from_config`) begins as
    this layer did. A saved model holds, for each array of weights that went on
    to learn, what it began with, too. From a config alone, in another process,
    the weights are random. Parameters and FLOPs are the network's; what it
    began with is in the memory a second time.

    Args:
        backbone: `keras.Model`, built, with the weights to begin with.
        start: for `from_config`: their checksum.

    Call arguments:
        inputs: what the network takes.

    Returns:
        What the network gives.

    Raises:
        ArgumentError: If `backbone` is no model, or has no weights yet.

    Example:

    >>> inputs = keras.Input((2,))
    >>> outputs = keras.layers.Dense(3, kernel_initializer="ones")(inputs)
    >>> layer = Pretrained(keras.Model(inputs, outputs))
    >>> float(layer(np.ones((1, 2)))[0, 0])
    2.0
    """

    def __init__(self, backbone, start=None, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(backbone, keras.Model) or not backbone.built:
            raise ArgumentError(
                "`Pretrained` expects `backbone` to be a `keras.Model` that "
                f"has its weights. Received: {backbone!r}."
            )
        self.backbone = backbone
        # Loaded in the order of the names: after `backbone`.
        self.start = _Beginning(backbone, start, name="start")
        self.built = True

    def call(self, inputs, training=None):
        return self.backbone(inputs, training=training)

    def compute_output_spec(self, inputs, training=None):
        return self.backbone.compute_output_spec(inputs)

    def get_config(self):
        return {
            **super().get_config(),
            "backbone": keras.saving.serialize_keras_object(self.backbone),
            "start": self.start.checksum,
        }

    @classmethod
    def from_config(cls, config):
        backbone = keras.saving.deserialize_keras_object(config["backbone"])
        return cls(**{**config, "backbone": backbone})


class _Beginning(keras.layers.Layer):
    """What a network began with, in a file; it computes nothing."""

    def __init__(self, backbone, checksum, **kwargs):
        super().__init__(**kwargs)
        variables = [
            x for x in backbone.weights if not x.name.startswith("lora_")
        ]
        self._variables = lambda: variables  # A list would be tracked twice.
        self.checksum = checksum
        if checksum is None:
            self._begin(self._now())
        else:
            self._start = initial_weights.recall(checksum)
            if self._start is not None and not self._fits():
                self._start = None  # It was quantized since: other weights.
            if self._start is not None:
                pairs = zip(variables, self._start.arrays, strict=True)
                for variable, array in pairs:
                    variable.assign(array)
        self.built = True

    def call(self, inputs):
        return inputs

    def _fits(self):
        return [(x.shape, x.dtype) for x in self._start.arrays] == [
            (tuple(x.shape), x.dtype) for x in self._variables()
        ]

    def save_own_variables(self, store):
        if self._start is None:
            return
        pairs = zip(self._now(), self._start.arrays, strict=True)
        for i, (now, given) in enumerate(pairs):
            if not np.array_equal(now, given):
                store[str(i)] = given

    def load_own_variables(self, store):
        now = self._now()
        # What is quantized, an array of integers, is nothing to begin with.
        if self._start is None and all(x.dtype.kind != "i" for x in now):
            entries = {key: np.array(store[key]) for key in store.keys()}
            self._begin(
                [entries.get(str(i), array) for i, array in enumerate(now)]
            )

    def _begin(self, arrays):
        self._start = initial_weights.keep(arrays)
        self.checksum = self._start.checksum

    def _now(self):
        # Copies: TensorFlow may show the memory that it writes to later.
        return [
            np.array(keras.ops.convert_to_numpy(x)) for x in self._variables()
        ]
