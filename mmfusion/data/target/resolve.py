"""Targets as a user writes them: a column, or an object for each task."""

from mmfusion import checks, registry
from mmfusion.data.target.base import Target, check_names
from mmfusion.data.target.class_target import ClassTarget
from mmfusion.errors import ArgumentError


def resolve_targets(target) -> dict:
    """The target objects of a data set, by the name of their task.

    Args:
        target: str, the column of the classes of the task `"label"`; a target
            object, of the task `"label"`; or dict of task name to a column
            of classes, a target object, or a dict of `type` (`class`,
            `labels` or `number`) and its arguments.

    Returns:
        Dict of task name to target object, each with a column.

    Raises:
        ArgumentError: If it is anything else.

    Example:

    >>> resolve_targets("kind")["label"].column
    'kind'
    >>> resolve_targets({"price": {"type": "number", "column": "eur"}})
    ... # doctest: +ELLIPSIS
    {'price': <mmfusion.data.target.number_target.NumberTarget object at ...>}
    """
    if isinstance(target, (str, Target)):
        target = {"label": target}
    if not isinstance(target, dict) or not target:
        raise ArgumentError(
            "`target` expects a column, or a dict of task name to column or "
            f"target object. Received: {checks.one_line(target)}."
        )
    check_names(target)
    resolved = {name: _resolve(name, given) for name, given in target.items()}
    for name, one in resolved.items():
        if not one.columns:
            raise ArgumentError(
                f"`target` expects {name!r} to say what it reads. Pass "
                "`column=` to it."
            )
    if len(set(map(id, resolved.values()))) < len(resolved):
        raise ArgumentError(
            "`target` has one object under two names. Make one for each."
        )
    return resolved


def _resolve(name, given):
    if isinstance(given, str) and given:
        return ClassTarget(given)
    if isinstance(given, Target):
        return given
    if isinstance(given, dict) and "type" in given:
        arguments = dict(given)
        kind = registry.get("target", arguments.pop("type"))
        return checks.call("target", kind, arguments)
    raise ArgumentError(
        f"`target` expects {name!r} to be a column, a target object or a dict "
        f"with `type`. Received: {checks.one_line(given)}."
    )
