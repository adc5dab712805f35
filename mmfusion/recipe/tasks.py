"""The section `model: task`: what the data say, and what is chosen of it."""

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.recipe.section import check_section

# Those of the data, and those that a model sets.
_NOT_CHOSEN = ("classes", "mean", "deviation", "head", "target", "name")


def check_tasks(plain):
    """Checks the section, as far as it can be without the data.

    It is `{}`, the tasks of the data; `{name: ..., **settings}`, for every
    target; or settings, and a name where it is another one, by target.

    Args:
        plain: dict.

    Raises:
        ArgumentError: If there is no such task or setting.
    """
    check_section("task", plain)
    for who, chosen in _chosen(plain).items():
        check_section(who, chosen)
        if "name" in chosen:
            _check_settings(who, chosen, chosen["name"])


def tasks_of(plain, schema):
    """The task of every target: the schema's, with what the recipe chooses.

    Args:
        plain: dict, the section `model: task`.
        schema: `mmfusion.schema.Schema`.

    Returns:
        List of tasks.

    Raises:
        ArgumentError: If a target is not known, or a task learns from something
            else than the target is.
    """
    chosen = _chosen(plain)
    if not _for_all(plain):
        checks.check_keys("task", plain, schema.targets)
    made = []
    for target, part in schema.targets.items():
        settings = dict(chosen.get("task" if _for_all(plain) else target, {}))
        name = settings.pop("name", part.task)
        _check_settings(f"task of {target}", settings, name)
        own, task = registry.get("task", part.task), registry.get("task", name)
        if task.gives != own.gives:
            raise ArgumentError(
                f"The target {target!r} is learned by {part.task!r}, which "
                f"gives {own.gives}. Received: `task` {name!r}, which gives "
                f"{task.gives}. Leave out the name, or say of which target."
            )
        made.append(task(**part.arguments, **settings, name=target))
    return made


def _for_all(plain):
    return isinstance(plain.get("name"), str)


def _chosen(plain):
    return {"task": plain} if _for_all(plain) else plain


def _check_settings(who, settings, name):
    known = checks.parameters(registry.get("task", name))
    known = [key for key in known if key not in _NOT_CHOSEN]
    given = [key for key in settings if key != "name"]
    checks.check_keys(who, given, [*known, "name"])
