"""What a way of training makes of a model, its data and its rules."""

import dataclasses

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError

_GIVEN = ("model", "data", "rules", "whole", "weights")


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is compiled and fitted so that a model learns in some way.

    A registered method is a function `(model, data, rules, **settings)` that
    gives one. `data` has the modalities of the model; a method that needs the
    others too has an argument `whole`. One that has an argument `weights` is
    given those of the losses, if there are some; for others they stay as they
    are.

    Attributes:
        trainee: the model itself, or a model around it, which is thrown away.
        data: what it is trained on: has `train` and `validation`.
        weights: dict of output name to the weight of its loss, or None.
    """

    trainee: object
    data: object
    weights: dict | None = None


def plan(method, model, data, rules, weights=None):
    """The `Plan` of a method by its name and settings.

    Args:
        method: dict of `"name"` and the method's settings, or None: the model
            as it is.
        model: a `FusionModel`.
        data: `data.Data`; modalities that the model has not are left out.
        rules: `training.Rules`.
        weights: dict of output name to the weight of its loss, or None.

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
        return Plan(model, data, weights)
    settings = dict(method)
    function = registry.get("method", settings.pop("name", None))
    check_settings(function, method)
    both = sorted(set(settings) & set(_GIVEN))
    if both:
        raise ArgumentError(f"`method` has no settings {both}.")
    given = {"model": model, "data": data, "rules": rules}
    more = {"whole": whole, "weights": weights}
    known = checks.parameters(function)
    given |= {key: value for key, value in more.items() if key in known}
    made = checks.call("method", function, {**given, **settings})
    if "weights" in known or weights is None:
        return made
    return dataclasses.replace(made, weights=weights)


def check_settings(function, method):
    """All settings that a method cannot do without are there.

    Args:
        function: the registered method.
        method: dict of `"name"` and its settings.

    Raises:
        ArgumentError: If one is lacking.
    """
    lacking = [
        key
        for key, parameter in checks.parameters(function).items()
        if parameter.default is parameter.empty and key not in _GIVEN
    ]
    checks.check_keys(
        f"method {method['name']}", method, [*method, *lacking], lacking
    )


def need_classes(who, tasks):
    """For a way of training that is about probabilities of classes.

    Args:
        who: str. Its name.
        tasks: dict of output name to task.

    Raises:
        ArgumentError: If a task gives something else.
    """
    for name, task in tasks.items():
        if task.gives != "probabilities":
            raise ArgumentError(
                f"`{who}` needs probabilities of classes. Received: the task "
                f"{name!r}, a {type(task).__name__}, which gives {task.gives}."
            )


def refuse_weights(who, weights):
    """For a method that finds the weights of losses itself.

    Args:
        who: str. Its name.
        weights: dict of output name to weight, or None.

    Raises:
        ArgumentError: If there are some.
    """
    if weights is not None:
        raise ArgumentError(
            f"The method {who!r} finds the weights of the losses itself. "
            f"Received: {weights}. Leave out `loss_weights`, or the method."
        )
