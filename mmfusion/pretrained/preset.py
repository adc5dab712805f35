"""A backbone of KerasHub from a preset, a folder, or one that is made."""

import json
import pathlib

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.optional import require
from mmfusion.pretrained.hub_backbone import (
    HubBackbone,
    approximate_gelus,
)

_WHERE = (
    "A preset is the name of a model of KerasHub, a handle of Kaggle or "
    "Hugging Face ('kaggle://...', 'hf://...'), both downloaded at first use, "
    "or a local folder with its `config.json` and weights"
)


def open_backbone(who, preset):
    """The backbone of a preset; a backbone is taken as it is.

    Args:
        who: str. The caller, for messages.
        preset: str or path, or a `keras_hub.models.Backbone`.

    Returns:
        `keras_hub.models.Backbone`, whether it has an exact GELU.

    Raises:
        ArgumentError: If there is no such preset, or it cannot be reached.
        MissingExtraError: If KerasHub is not installed.
    """
    hub = require("keras_hub", extra="hub")
    if isinstance(preset, hub.models.Backbone):
        return preset, False
    if not isinstance(preset, (str, pathlib.Path)):
        raise ArgumentError(
            f"`{who}` expects `preset` to be a str, a path or a "
            f"`keras_hub.models.Backbone`. Received: {preset!r}."
        )
    backbone = from_preset(who, hub.models.Backbone, str(preset))
    # KerasHub approximates the GELU of every BERT; Hugging Face's do not.
    exact = _activation(str(preset)) == "gelu" and approximate_gelus(backbone)
    return backbone, bool(exact)


def from_preset(who, kind, preset):
    """`kind.from_preset`, where all that can go wrong becomes one line.

    Raises:
        ArgumentError: If there is no such preset, or it cannot be reached.
    """
    try:
        return kind.from_preset(preset)
    except Exception as error:  # Of three clients of two hubs, and KerasHub.
        why = " ".join(str(error).split())[:160]
        raise ArgumentError(
            f"`{who}` cannot load the preset {preset!r}: "
            f"{type(error).__name__}: {why}... {_WHERE}."
        ) from error


def backbone_layer(who, backbone, trainable, lora_rank, exact_gelu, unused=()):
    """The backbone as a layer of which a part, all or LoRA learns.

    Args:
        who: str. The caller, for messages.
        backbone: `keras_hub.models.Backbone`.
        trainable: bool or int. All, nothing, or the last layers that learn.
        lora_rank: int or None.
        exact_gelu: bool.
        unused: names of layers whose output is not used: they never learn.

    Returns:
        `HubBackbone`.
    """
    if not isinstance(trainable, bool):
        checks.check_positive(who, trainable=trainable)
    if lora_rank is not None:
        checks.check_positive(who, lora_rank=lora_rank)
        if trainable is not False:
            raise ArgumentError(
                f"`{who}` expects `trainable` to be False where `lora_rank` "
                f"is given: all but LoRA is frozen. Received: {trainable!r}."
            )
    layers = [
        layer
        for layer in backbone.layers
        if layer.weights and layer.name not in unused
    ]
    if trainable is True:
        trainable = len(layers)
    if trainable > len(layers):
        raise ArgumentError(
            f"`{who}` expects `trainable` to be at most {len(layers)}, the "
            f"layers with weights of this backbone. Received: {trainable}."
        )
    backbone.trainable = True  # Its layers decide; off, it would hide them.
    learning = {id(layer) for layer in layers[len(layers) - trainable :]}
    for layer in backbone.layers:
        layer.trainable = id(layer) in learning
    keys = backbone.output if isinstance(backbone.output, dict) else {}
    if keys and "sequence_output" not in keys:
        raise ArgumentError(
            f"`{who}` expects a backbone with one output, or with "
            f"'sequence_output'. Received: {sorted(keys)}."
        )
    layer = HubBackbone(
        backbone,
        output="sequence_output" if keys else None,
        lora_rank=lora_rank,
        exact_gelu=exact_gelu,
        name="backbone",
    )
    if lora_rank is not None and not layer.lora.num_layers:
        raise ArgumentError(
            f"`{who}` finds no attention to add LoRA to in a "
            f"`{type(backbone).__name__}`. Use `trainable` instead."
        )
    return layer


def _activation(preset):
    """What `config.json` of a Hugging Face model calls its activation."""
    if preset.startswith("hf://"):
        import huggingface_hub

        path = huggingface_hub.hf_hub_download(preset[5:], "config.json")
    else:
        path = pathlib.Path(preset) / "config.json"
    try:
        config = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except OSError:  # The name of a preset of KerasHub.
        return None
    return config.get("hidden_act", config.get("activation"))
