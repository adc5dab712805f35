"""One modality of a model on its own, untrained, for a fair comparison."""

import keras

from mmfusion import checks
from mmfusion.decision import Decision
from mmfusion.models.assembly import fusion_model, late_fusion_model


def alone(model, name):
    """Builds the model that has one modality only, with fresh weights.

    The same encoder, the same alignment as far as it takes one modality, the
    same connection layer (over that one embedding), the same heads, nothing
    else: what fusion must beat to be worth it.

    Weights are new, but for those of trained towers: an encoder that mmfusion
    builds around given weights begins with them, as it did. An encoder of your
    own is rebuilt from its config, so at random; keep what it was trained to in
    `layers.Pretrained`.

    Args:
        model: a `FusionModel`, made by `fusion_model` or `late_fusion_model`.
        name: str. The modality that stays.

    Returns:
        `FusionModel` named `<name>_alone`.

    Raises:
        ArgumentError: If the model has no such modality.
    """
    checks.check_choice(model.name, "modality", name, sorted(model.modalities))
    part = model.modalities[name]
    encoder = _fresh(model.get_layer(part["encoder"]))
    fusion = _fusion_layer(model)
    tasks = [task.again(task.name) for task in model.main_tasks.values()]
    assemble = (
        late_fusion_model if isinstance(fusion, Decision) else fusion_model
    )
    return assemble(
        {name: encoder},
        _fresh(fusion),
        tasks,
        optional=[name] if part["flag"] else [],
        alignment=[_fresh(model.get_layer(key)) for key in model.alignment],
        name=f"{name}_alone",
    )


def _fusion_layer(model):
    if model.fusion is not None:
        return model.get_layer(model.fusion)
    return next(layer for layer in model.layers if isinstance(layer, Decision))


def _fresh(layer):
    """The same layer with new weights."""
    if isinstance(layer, keras.Model):
        return keras.models.clone_model(layer)
    return type(layer).from_config(layer.get_config())
