"""The sections of a recipe, checked, with every default written out."""

import copy
import dataclasses
import pathlib

from mmfusion import checks, data, registry, training
from mmfusion.data.paths import is_url
from mmfusion.errors import ArgumentError
from mmfusion.recipe.section import check_section
from mmfusion.recipe.tasks import check_tasks

SECTIONS = ("data", "inputs", "model", "training")
_SOURCE = {
    "source": (str, dict),
    "target": (str, dict),
    "id": (str, type(None)),
    "split": (dict, type(None)),
    "bad_rows": (str,),
    "allow_outside_root": (bool,),
    "cache": (str, type(None)),
    "seed": (int,),
}
_MODEL = (
    "modalities",
    "encoders",
    "alignment",
    "fusion",
    "decision",
    "auxiliary",
    "modality_dropout",
    "task",
)
# Of the training of the fused model; the rules are those of every model.
_FUSED = ("baselines", "method", "loss_weights")
_TRAINING = [field.name for field in dataclasses.fields(training.Rules)]


def resolve_data(plain, folder):
    """The section `data`; a path in it is relative to `folder`."""
    check_section("data", plain)
    if "dataset" in plain:
        checks.check_keys("data", plain, ("dataset",))
        chosen = plain["dataset"]
        chosen = {"name": chosen} if isinstance(chosen, str) else chosen
        check_section("dataset", chosen)
        checks.check_keys("dataset", chosen, chosen, required=("name",))
        dataset = registry.get("dataset", chosen["name"])
        _check_arguments("dataset", dataset, chosen)
        chosen = copy.deepcopy(chosen)
        for argument in registry.paths("dataset", chosen["name"]):
            # Absolute, as `source`; there are no addresses among them.
            if isinstance(chosen.get(argument), str):
                path = pathlib.Path(chosen[argument]).expanduser()
                chosen[argument] = str((folder / path).resolve())
        return {"dataset": chosen}
    checks.check_keys("data", plain, _SOURCE, ("source", "target"))
    for key, value in plain.items():
        if not isinstance(value, _SOURCE[key]):
            raise ArgumentError(
                f"`data` expects `{key}` to be a "
                f"{_SOURCE[key][0].__name__}. Received: {value!r}."
            )
    data.resolve_targets(plain["target"])  # What is no target shows here.
    source = _absolute(plain["source"], folder)
    resolved = {"bad_rows": "error", "seed": 0, **plain, "source": source}
    if resolved.get("cache") is not None:
        resolved["cache"] = _absolute(resolved["cache"], folder)
    return copy.deepcopy(resolved)


def _absolute(source, folder):
    """Absolute, so that the copy in the run finds it, too."""
    if isinstance(source, dict) and "tfds" in source:
        folders = {"data_dir": source.get("data_dir")}
        found = {k: _absolute(x, folder) for k, x in folders.items() if x}
        return {**source, **found}
    if isinstance(source, dict):
        return {name: _absolute(path, folder) for name, path in source.items()}
    if not isinstance(source, str):
        raise ArgumentError(
            f"`data` expects `source` to be a path. Received: {source!r}."
        )
    # That it is none of a file is for the reader of tables to say.
    return source if is_url(source) else str((folder / source).resolve())


def resolve_inputs(plain, folder=pathlib.Path()):
    """The section `inputs`, by name of the modality.

    Paths in it are relative to `folder`.
    """
    check_section("inputs", plain)
    plain = {
        name: _with_paths("modality", settings, folder, key="type")
        for name, settings in plain.items()
    }
    modalities(plain)  # An unknown type or setting shows here.
    return copy.deepcopy(plain)


def resolve_model(plain, inputs, folder=pathlib.Path()):
    """The section `model`; `inputs` is the resolved section of that name.

    Paths in the settings of encoders are relative to `folder`.
    """
    check_section("model", plain)
    checks.check_keys("model", plain, _MODEL)
    if "fusion" in plain and "decision" in plain:
        raise ArgumentError("`model` takes `fusion` or `decision`, not both.")
    resolved = {"encoders": {}, "task": {}, **plain}
    if "decision" not in plain:
        resolved.setdefault("fusion", {"name": "concat", "units": 64})
    if resolved.get("modalities") is not None:
        _check_modalities(resolved["modalities"], inputs)
    check_section("encoders", resolved["encoders"] or {})
    resolved["encoders"] = dict(resolved["encoders"] or {})
    if inputs:  # A data set brings its own along; they show when it is read.
        checks.check_keys("encoders", resolved["encoders"], inputs)
    for name, encoder in resolved["encoders"].items():
        check_section(f"encoder of {name}", encoder)
        if "name" in encoder:
            function = registry.get("encoder", encoder["name"])
            _check_arguments("encoder", function, encoder)
        resolved["encoders"][name] = _with_paths("encoder", encoder, folder)
    # Those of a data set are resolved when it is read.
    resolved["encoders"] |= resolve_encoders(
        {k: v for k, v in resolved["encoders"].items() if k in inputs},
        modalities(inputs),
        folder,
    )
    if "alignment" in resolved:  # One, or a list in the order of the data.
        several = isinstance(resolved["alignment"], list)
        resolved["alignment"] = (
            resolved["alignment"] if several else [resolved["alignment"]]
        )
        for aligner in resolved["alignment"]:
            create("alignment", aligner)
    for kind in ("fusion", "decision"):
        if kind in resolved:
            create(kind, resolved[kind])
    auxiliary = resolved.get("auxiliary", False)
    checks.check_choice("model", "auxiliary", auxiliary, (True, False))
    checks.check_range(
        "model",
        "modality_dropout",
        resolved.get("modality_dropout", 0),
        0,
        0.99,
    )
    check_tasks(resolved["task"])
    return copy.deepcopy(resolved)


def _check_modalities(names, inputs):
    """Which inputs the model has, where it has not all of them."""
    if not isinstance(names, list) or not names:
        raise ArgumentError(
            "`model` expects `modalities` to be a list of inputs. "
            f"Received: {names!r}."
        )
    for name in names if inputs else ():
        checks.check_choice("model", "modalities", name, sorted(inputs))


def resolve_encoders(plain, inputs, folder):
    """The settings of encoders, as their modality objects understand them."""
    checks.check_keys("encoders", plain, inputs)
    return {
        name: inputs[name].resolve_encoder(dict(settings), folder)
        for name, settings in plain.items()
    }


def resolve_training(plain, folder=pathlib.Path()):
    """The section `training`; paths in it are relative to `folder`."""
    check_section("training", plain)
    checks.check_keys("training", plain, (*_TRAINING, *_FUSED))
    plain = dict(plain)
    fused = {"baselines": True, "method": None, "loss_weights": None}
    fused |= {key: plain.pop(key) for key in _FUSED if key in plain}
    checks.check_choice(
        "training", "baselines", fused["baselines"], (True, False)
    )
    if fused["method"] is not None:
        method = fused["method"]
        method = {"name": method} if isinstance(method, str) else method
        check_section("method", method)
        checks.check_keys("method", method, method, required=("name",))
        function = registry.get("method", method["name"])
        _check_arguments("method", function, method)
        training.check_settings(function, method)
        fused["method"] = _with_paths("method", method, folder)
    if fused["loss_weights"] is not None:
        check_section("loss_weights", fused["loss_weights"])
    rules = training.Rules(**plain)
    return {**dataclasses.asdict(rules), **fused}


def modalities(plain):
    """The modality objects of the section `inputs`, by name."""
    return {
        name: create("modality", settings, key="type", who=f"input {name}")
        for name, settings in plain.items()
    }


def create(kind, plain, key="name", who=None):
    """The registered thing of that name, made with its settings."""
    who = who or kind
    check_section(who, plain)
    arguments = dict(plain)
    if key not in arguments:
        raise ArgumentError(
            f"`{who}` needs the key {key!r}. Received: {sorted(arguments)}."
        )
    thing = registry.get(kind, arguments.pop(key))
    return checks.call(kind, thing, arguments)


def _with_paths(kind, settings, folder, key="name"):
    """Settings in which a path of something in `folder` is absolute.

    A name or an address is no path: it stays, as does what is not there,
    which the thing itself will say. An encoder may be within an encoder.
    """
    if not isinstance(settings, dict):
        return settings
    settled = {
        name: _with_paths(kind, value, folder, key)
        for name, value in settings.items()
    }
    if key not in settings:
        return settled
    for name in registry.paths(kind, settings[key]):
        value = settings.get(name)
        if isinstance(value, str) and (folder / value).exists():
            settled[name] = str((folder / value).resolve())
    return settled


def _check_arguments(kind, function, settings):
    known = dict.fromkeys([*checks.parameters(function), "name"])
    checks.check_keys(f"{kind} {function.__name__}", settings, known)
