"""A model from what the data says of itself."""

import keras

from mmfusion import checks, registry
from mmfusion.decision import Decision
from mmfusion.errors import ArgumentError
from mmfusion.fusion import ConcatFusion
from mmfusion.models.assembly import fusion_model, late_fusion_model


def encoder_settings(part, chosen):
    """The name and arguments of an encoder: the schema's, then what is chosen.

    Args:
        part: `mmfusion.schema.InputSchema`.
        chosen: dict of arguments, in which `name` chooses another encoder, or
            of `shared_with` alone. The tensor's own sizes stay where that one
            has such arguments. The argument `encoder`, of encoders that hold
            one, is a dict like it.

    Returns:
        Dict of `name` and arguments.

    Raises:
        ArgumentError: If there is no such encoder.
    """
    if "shared_with" in chosen:
        return dict(chosen)
    return _settings({**part.arguments, "name": part.encoder}, chosen)


def _settings(own, chosen):
    """What is chosen over what there was, in an encoder within one, too."""
    name = chosen.get("name", own.get("name"))
    if name is None:
        raise ArgumentError(
            "The settings of an encoder within another need the key 'name'. "
            f"Received: {sorted(chosen)}."
        )
    known = checks.parameters(registry.get("encoder", name))
    own = {key: value for key, value in own.items() if key in known}
    settings = {**own, **chosen, "name": name}
    if isinstance(chosen.get("encoder"), dict):
        inner = own.get("encoder") or {}
        settings["encoder"] = _settings(inner, chosen["encoder"])
    return settings


def encoders_for(schema, **overrides):
    """Builds the encoder of every modality of a schema.

    Args:
        schema: `mmfusion.schema.Schema`.
        **overrides: by modality name, a `keras.Model`, or a dict of arguments
            of the default encoder, in which `name` chooses another one, or
            `{"shared_with": modality}`: the encoder of that one, called for
            both, with one set of weights.

    Returns:
        Dict of modality name to `keras.Model`.

    Raises:
        ArgumentError: If a modality, an encoder or an argument is not known,
            or two that shall share an encoder take different inputs.
    """
    checks.check_keys("encoders", overrides, schema.inputs)
    encoders, shared = {}, {}
    for modality, part in schema.inputs.items():
        chosen = overrides.get(modality, {})
        if isinstance(chosen, dict) and "shared_with" in chosen:
            shared[modality] = chosen
            continue
        if isinstance(chosen, keras.Model):
            encoders[modality] = chosen
            continue
        settings = encoder_settings(part, chosen)
        encoder = registry.get("encoder", settings["name"])
        encoders[modality] = checks.call(
            "encoder", encoder, {**settings, "name": modality}
        )
        _check_inputs(modality, settings["name"], encoders[modality])
    for modality, chosen in shared.items():
        checks.check_keys(f"encoder of {modality}", chosen, ["shared_with"])
        other = chosen["shared_with"]
        checks.check_choice(modality, "shared_with", other, sorted(encoders))
        _check_alike(schema, modality, other)
        encoders[modality] = encoders[other]
    return {modality: encoders[modality] for modality in schema.inputs}


def _check_alike(schema, modality, other):
    """What one encoder reads is of one kind."""
    mine, theirs = (schema.inputs[name] for name in (modality, other))
    for what in ("shape", "dtype"):
        if getattr(mine, what) != getattr(theirs, what):
            raise ArgumentError(
                f"The inputs {modality!r} and {other!r} cannot share an "
                f"encoder: their {what} is {getattr(mine, what)} and "
                f"{getattr(theirs, what)}."
            )
    # A word has another number in each of them: an id, or a place in a bag.
    if "int" in mine.dtype or "vocabulary_size" in mine.arguments:
        raise ArgumentError(
            f"The inputs {modality!r} and {other!r} cannot share an encoder: "
            "each has a vocabulary of its own."
        )


def _check_inputs(modality, name, encoder):
    """All of its steps count: no data set says which ones do."""
    if "mask" in [x.name for x in encoder.inputs]:
        raise ArgumentError(
            f"The encoder {name!r} of {modality!r} takes a mask of steps, "
            "which no data set has. Use `masked=False`, or `fusion_model` and "
            "arrays."
        )


def tasks_for(schema):
    """Builds the task of every target of a schema, as a list."""
    return [
        registry.get("task", target.task)(**target.arguments, name=name)
        for name, target in schema.targets.items()
    ]


def from_schema(schema, fusion=None, encoders=None, task=None, **options):
    """Builds a model for a data set: its encoders, a fusion, its tasks.

    Args:
        schema: `mmfusion.schema.Schema`, such as `data.schema`.
        fusion: a layer of `mmfusion.fusion` or of `mmfusion.decision`; None:
            `ConcatFusion(64)`.
        encoders: dict of overrides, as `encoders_for` takes them.
        task: a task or a list of them instead of the schema's own.
        **options: further arguments of `fusion_model`, or of
            `late_fusion_model` for a decision.

    Returns:
        `FusionModel`. Optional is what the schema says is optional.

    Example:

    >>> from mmfusion.schema import InputSchema, Schema, TargetSchema
    >>> vector = InputSchema((3,), "float32", True, "vector_mlp", {"dim": 3})
    >>> label = TargetSchema("classification", {"classes": ["cat", "dog"]})
    >>> model = from_schema(Schema({"v": vector}, {"label": label}))
    >>> sorted(model.input), sorted(model.output)
    (['v', 'v_present'], ['label'])
    """
    fusion = ConcatFusion(64) if fusion is None else fusion
    assemble = (
        late_fusion_model if isinstance(fusion, Decision) else fusion_model
    )
    return assemble(
        encoders_for(schema, **(encoders or {})),
        fusion,
        tasks_for(schema) if task is None else task,
        optional=[n for n, part in schema.inputs.items() if part.optional],
        **options,
    )
