"""Reads a recipe from a YAML file."""

import pathlib

import yaml

from mmfusion.errors import ArgumentError
from mmfusion.recipe.recipe import Recipe
from mmfusion.recipe.resolve import SECTIONS


def load(path, overrides=()) -> Recipe:
    """Reads and checks a recipe.

    Args:
        path: str or path of a YAML file. Paths in it are relative to it.
        overrides: strings `section.key=value`, the value in YAML, such as
            `"training.epochs=3"`.

    Returns:
        `Recipe`.

    Raises:
        ArgumentError: If it cannot be read, or a key, a name or a value is
            not known; it names the nearest that is.
    """
    path = pathlib.Path(path)
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArgumentError(
            f"Recipe `{path}` cannot be read: {error.strerror}."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ArgumentError(f"`{path}` is not YAML: {reason}.") from error
    if not isinstance(plain, dict):
        raise ArgumentError(
            f"`{path}` expects the sections {', '.join(SECTIONS)}. "
            f"Received: {type(plain).__name__}."
        )
    for override in overrides:
        _override(plain, override)
    return Recipe(plain, path.stem, path.parent)


def _override(plain, override):
    keys, equals, value = override.partition("=")
    if not equals:
        raise ArgumentError(
            f"An override expects `section.key=value`. Received: {override!r}."
        )
    *parents, last = keys.strip().split(".")
    for key in parents:
        plain = plain.setdefault(key, {})
        if not isinstance(plain, dict):
            raise ArgumentError(f"`{key}` in {override!r} holds no keys.")
    try:
        plain[last] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ArgumentError(
            f"{value!r} in {override!r} is not YAML."
        ) from error
