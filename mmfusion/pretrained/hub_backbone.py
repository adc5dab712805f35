"""A layer around a backbone of KerasHub: what of it learns is saved, too."""

import keras

from mmfusion import registry
from mmfusion.layers import Pretrained
from mmfusion.pretrained.lora import Lora


@registry.serializable
class HubBackbone(Pretrained):
    """Runs a backbone of KerasHub and keeps what it does not keep itself.

    A backbone in a `.keras` file is rebuilt from its sizes. Lost were which of
    its layers learn, LoRA (its factors would be merged, and then be zeros that
    learn nothing) and the activation that the original weights were trained
    with. This layer saves the three of them.

    Args:
        backbone: `keras_hub.models.Backbone`.
        output: str. The key to take where the backbone gives a dict.
        lora_rank: int. Rank of LoRA, for all else frozen; None for no LoRA.
        exact_gelu: bool. Whether GELU is not approximated by tanh.
        learning: list of bool, whether each inner layer that has weights
            learns. None leaves them as they are.
        start: for `from_config`: checksum of the weights to begin with.

    Call arguments:
        inputs: what the backbone takes: a tensor, or a dict of them.

    Returns:
        What the backbone gives.
    """

    def __init__(
        self,
        backbone,
        output=None,
        lora_rank=None,
        exact_gelu=False,
        learning=None,
        start=None,
        **kwargs,
    ):
        super().__init__(backbone, start, **kwargs)
        self.output_key = output
        self.lora_rank = lora_rank
        self.exact_gelu = exact_gelu
        if exact_gelu:
            for layer in approximate_gelus(backbone):
                layer.activation = keras.activations.gelu
        if learning is not None:
            layers = inner_layers(backbone)
            for layer, learns in zip(layers, learning, strict=True):
                layer.trainable = learns  # Outer layers come first.
        if lora_rank is not None:
            backbone.enable_lora(lora_rank)
            # Its name comes after `backbone`, so it is loaded after it.
            self.lora = Lora(backbone, name="lora")

    def call(self, inputs, training=None):
        x = super().call(inputs, training)
        return x if self.output_key is None else x[self.output_key]

    def compute_output_spec(self, inputs, training=None):
        x = super().compute_output_spec(inputs, training)
        return x if self.output_key is None else x[self.output_key]

    def get_config(self):
        learning = None
        if self.lora_rank is None:  # Else LoRA decides what learns.
            layers = inner_layers(self.backbone)
            learning = [layer.trainable for layer in layers]
        return {
            **super().get_config(),
            "output": self.output_key,
            "lora_rank": self.lora_rank,
            "exact_gelu": self.exact_gelu,
            "learning": learning,
        }


def inner_layers(backbone):
    """All layers with weights, however deep, in a fixed order."""
    # Keras has no public way to the layers of a layer; KerasHub uses this one.
    layers = backbone._flatten_layers(include_self=False)
    return [layer for layer in layers if layer.weights]


def approximate_gelus(backbone):
    """The layers whose activation is KerasHub's approximation of GELU."""
    return [
        layer
        for layer in backbone._flatten_layers(include_self=False)
        if getattr(getattr(layer, "activation", None), "__name__", "")
        == "gelu_approximate"
    ]
