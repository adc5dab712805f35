"""What a way of training makes of a model, its data and its rules."""

import dataclasses

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError

_GIVEN = ("model", "data", "rules", "whole")


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is compiled and fitted so that a model learns in some way.

    A registered method is a function `(model, data, rules, **settings)` that
    gives one. `data` has the modalities of the model; a method that needs the
    others too has an argument `whole`.

    Attributes:
        trainee: the model itself, or a model around it, which is thrown away.
        data: what it is trained on: has `train` and `validation`.
        weights: dict of output name to the weight of its loss, or None.
    """

    trainee: object
    data: object
    weights: dict | None = None


def plan(method, model, data, rules):
    """The `Plan` of a method by its name and settings.

    Args:
        method: dict of `"name"` and the method's settings, or None: the model
            as it is.
        model: a `FusionModel`.
        data: `data.Data`; modalities that the model has not are left out.
        rules: `training.Rules`.

    Returns:
        `Plan`.

    Raises:
        ArgumentError: If there is no such method or setting, or the method
            does not fit the model.
    """
    whole = data
    if set(getattr(data, "inputs", ())) > set(model.modalities):
        data = whole.only(sorted(model.modalities))
    if method is None:
        return Plan(model, data)
    settings = dict(method)
    function = registry.get("method", settings.pop("name", None))
    both = sorted(set(settings) & set(_GIVEN))
    if both:
        raise ArgumentError(f"`method` has no settings {both}.")
    given = {"model": model, "data": data, "rules": rules}
    if "whole" in checks.parameters(function):
        given["whole"] = whole
    return checks.call("method", function, {**given, **settings})
