"""From encoders to embeddings: inputs, presence and masks of a model."""

import keras

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.layers import KeepPresent, ModalityDropout


def encode(encoders, optional, modality_dropout=0.0):
    """Applies every encoder to inputs of its own.

    Args:
        encoders: dict of modality name to `keras.Model`.
        optional: names of the modalities that a row may come without.
        modality_dropout: float in `[0, 1)`, as in `fusion_model`.

    Returns:
        Dicts, by name: the inputs of the model; by modality: embeddings,
        flags of presence as they are given, the same after modality dropout,
        masks of steps, and what `FusionModel` keeps of each.

    Raises:
        ArgumentError: If one is no encoder, or `optional` names none.
    """
    if not isinstance(encoders, dict) or not encoders:
        raise ArgumentError(
            "A model expects a dict of modality name to encoder. "
            f"Received: {type(encoders).__name__}."
        )
    for name in optional:
        checks.check_choice("model", "optional", name, sorted(encoders))
    inputs, embeddings, masks, modalities = {}, {}, {}, {}
    flags = {
        name: keras.Input((), dtype="bool", name=f"{name}_present")
        for name in sorted(optional)
    }
    present = _dropped(flags, modality_dropout, len(flags) == len(encoders))
    unique = _with_unique_names(encoders)
    _check_apart(encoders)
    for name, encoder in unique.items():
        keys = _input_names(name, encoder)
        tensors = {
            t.name: keras.Input(t.shape[1:], dtype=t.dtype, name=keys[t.name])
            for t in encoder.inputs
        }
        inputs |= {keys[key]: tensor for key, tensor in tensors.items()}
        flag = f"{name}_present" if name in flags else None
        if flag:
            inputs[flag] = flags[name]
            tensors = {
                key: KeepPresent(name=f"{keys[key]}_kept")(x, flags[name])
                for key, x in tensors.items()
            }
        y = encoder(
            tensors if len(tensors) > 1 else next(iter(tensors.values()))
        )
        if isinstance(y, dict):
            embeddings[name], masks[name] = y["sequence"], y["mask"]
        else:
            embeddings[name] = y
        modalities[name] = {
            "inputs": list(keys.values()),
            "flag": flag,
            "encoder": encoder.name,
        }
    return inputs, embeddings, flags, present, masks, modalities


def _dropped(flags, rate, keep_one):
    """What is present, some of it taken away in training."""
    if not rate:
        return flags
    if not flags:
        raise ArgumentError(
            "`modality_dropout` takes optional modalities away, and no "
            f"modality is `optional`. Received: {rate!r}."
        )
    return ModalityDropout(rate, keep_one, name="modality_dropout")(flags)


def _input_names(modality, encoder):
    """What the inputs of an encoder are called in the model.

    One input, beside a `mask` of steps, takes the name of the modality;
    several are `<modality>_<input>`, as the mask is.
    """
    names = [tensor.name for tensor in encoder.inputs]
    values = [name for name in names if name != "mask"]
    keys = {name: f"{modality}_{name}" for name in names}
    if len(values) == 1:
        keys[values[0]] = modality
    return keys


def _with_unique_names(encoders):
    """Encoders by modality; one whose name is taken is wrapped in another."""
    taken, unique, wrapped = {}, {}, {}
    for name, encoder in sorted(encoders.items()):
        checks.check_modality_name(name)
        if not isinstance(encoder, keras.Model):
            raise ArgumentError(
                f"The encoder of {name!r} must be a `keras.Model`. "
                f"Received: {type(encoder).__name__}."
            )
        key = id(encoder)
        if taken.setdefault(encoder.name, encoder) is not encoder:
            if key not in wrapped:  # Once, however many modalities share it.
                wrapped[key] = _wrapped(encoder, f"{name}_encoder")
            encoder = taken[wrapped[key].name] = wrapped[key]
        unique[name] = encoder
    return unique


def _check_apart(encoders):
    """No layer with weights is part of two encoders: Keras cannot load it."""
    owners = {}
    for name, encoder in sorted(encoders.items()):
        for weight in encoder.weights:
            other = owners.setdefault(id(weight), name)
            if encoders[other] is not encoder:
                raise ArgumentError(
                    f"The encoders of {other!r} and {name!r} share weights "
                    f"({weight.path!r}) and are not the same object: a model "
                    "of them could be saved and not loaded. Give both "
                    "modalities one encoder, or each a copy "
                    "(`keras.models.clone_model`)."
                )


def _wrapped(encoder, name):
    inputs = {
        t.name: keras.Input(t.shape[1:], dtype=t.dtype, name=t.name)
        for t in encoder.inputs
    }
    single = next(iter(inputs.values()))
    return keras.Model(
        inputs if len(inputs) > 1 else single,
        encoder(inputs if len(inputs) > 1 else single),
        name=name,
    )
