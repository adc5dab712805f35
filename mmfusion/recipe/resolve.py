"""The sections of a recipe, checked, with every default written out."""

import copy
import dataclasses

from mmfusion import checks, registry, training
from mmfusion.errors import ArgumentError

SECTIONS = ("data", "inputs", "model", "training")
_SOURCE_KEYS = ("source", "id", "target", "split", "bad_rows")
_TRAINING_KEYS = [field.name for field in dataclasses.fields(training.Rules)]


def resolve_data(plain, folder):
    _check_section("data", plain)
    if "dataset" in plain:
        checks.check_keys("data", plain, ("dataset",))
        chosen = plain["dataset"]
        chosen = {"name": chosen} if isinstance(chosen, str) else chosen
        checks.check_keys("dataset", chosen, chosen, required=("name",))
        registry.get("dataset", chosen["name"])
        return {"dataset": dict(chosen)}
    checks.check_keys("data", plain, _SOURCE_KEYS, ("source", "target"))
    # Absolute, so that the copy in the run finds it, too.
    source = (folder / plain["source"]).resolve()
    resolved = {"bad_rows": "error", **plain, "source": str(source)}
    return copy.deepcopy(resolved)


def resolve_model(plain):
    _check_section("model", plain)
    checks.check_keys(
        "model", plain, ("encoders", "fusion", "decision", "task")
    )
    if "fusion" in plain and "decision" in plain:
        raise ArgumentError("`model` takes `fusion` or `decision`, not both.")
    resolved = {"encoders": {}, "task": {"name": "classification"}, **plain}
    if "decision" not in plain:
        resolved.setdefault("fusion", {"name": "concat", "units": 64})
    for name, encoder in resolved["encoders"].items():
        _check_section(f"encoder of {name!r}", encoder)
        if "name" in encoder:
            registry.get("encoder", encoder["name"])
    for kind in ("fusion", "decision"):
        if kind in resolved:
            create(kind, resolved[kind])
    _check_section("task", resolved["task"])
    checks.check_keys("task", resolved["task"], ("name",), ("name",))
    registry.get("task", resolved["task"]["name"])
    return copy.deepcopy(resolved)


def resolve_training(plain):
    _check_section("training", plain)
    checks.check_keys("training", plain, (*_TRAINING_KEYS, "baselines"))
    plain = dict(plain)
    baselines = plain.pop("baselines", True)
    checks.check_choice("training", "baselines", baselines, (True, False))
    rules = training.Rules(**plain)
    return {**dataclasses.asdict(rules), "baselines": baselines}


def create(kind, plain, key="name", who=None):
    """The registered thing of that name, made with its settings."""
    who = who or kind
    _check_section(who, plain)
    arguments = dict(plain)
    if key not in arguments:
        raise ArgumentError(
            f"`{who}` needs the key {key!r}. Received: {sorted(arguments)}."
        )
    thing = registry.get(kind, arguments.pop(key))
    return checks.call(kind, thing, arguments)


def _check_section(name, value):
    if not isinstance(value, dict):
        raise ArgumentError(
            f"`{name}` expects keys and values. Received: {value!r}."
        )
