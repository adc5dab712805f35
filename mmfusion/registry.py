"""Names and what they stand for: `"gated"` and `GatedFusion`.

A package's `__init__` imports its files and so fills the table; who looks a
name up imports that package first.
"""

import importlib

from mmfusion import checks

_TABLE: dict[str, dict[str, object]] = {}
_PATHS: dict[tuple[str, str], tuple[str, ...]] = {}

# Which packages fill which kind.
_PACKAGES = {
    "alignment": ("mmfusion.layers",),
    "dataset": ("mmfusion.data",),
    "decision": ("mmfusion.decision",),
    "encoder": ("mmfusion.encoders", "mmfusion.pretrained"),
    "export": ("mmfusion.export",),
    "fusion": ("mmfusion.fusion",),
    "loss": ("mmfusion.losses",),
    "method": ("mmfusion.training",),
    "modality": ("mmfusion.data",),
    "table": ("mmfusion.data",),
    "target": ("mmfusion.data",),
    "task": ("mmfusion.tasks",),
}


def register(kind: str, name: str, paths: tuple[str, ...] = ()):
    """Decorator that files a class or a function under a name.

    A Keras class (one with `get_config`) is registered with Keras as well, as
    `mmfusion>Name`, so that models which hold it can be loaded.

    Args:
        kind: str. `"fusion"`, `"encoder"`, ... one of `kinds()`.
        name: str. What a recipe calls it.
        paths: names of its arguments that may be a path of a file or folder.
    """

    def file(thing):
        entries = _TABLE.setdefault(kind, {})
        if entries.setdefault(name, thing) is not thing:
            raise RuntimeError(f"{kind} {name!r} is registered twice.")
        _PATHS[kind, name] = tuple(paths)
        return serializable(thing) if hasattr(thing, "get_config") else thing

    return file


def serializable(keras_class):
    """Registers a class with Keras as `mmfusion>Name`."""
    import keras  # Not at the top: names are listed without Keras.

    return keras.saving.register_keras_serializable("mmfusion")(keras_class)


def kinds() -> list[str]:
    """The kinds of things that have names."""
    return sorted(_PACKAGES)


def names(kind: str) -> list[str]:
    """All names of one kind, sorted; imports the packages that have them.

    Example:

    >>> "concat" in names("fusion")
    True
    """
    checks.check_choice("registry", "kind", kind, kinds())
    for package in _PACKAGES[kind]:
        importlib.import_module(package)
    return sorted(_TABLE.get(kind, {}))


def get(kind: str, name: str):
    """The class or function of that name.

    Raises:
        ArgumentError: If there is none; names the nearest and the available.

    Example:

    >>> get("fusion", "concat").__name__
    'ConcatFusion'
    """
    available = names(kind)
    if name not in available:
        raise checks.unknown(kind, name, available)
    return _TABLE[kind][name]


def paths(kind: str, name: str) -> tuple[str, ...]:
    """The arguments of a thing that may be a path.

    Raises:
        ArgumentError: If there is no such thing.

    Example:

    >>> paths("fusion", "concat")
    ()
    """
    get(kind, name)
    return _PATHS[kind, name]


def name_of(kind: str, thing) -> str | None:
    """The name under which a class or a function is filed, or None."""
    for name in names(kind):
        if _TABLE[kind][name] is thing:
            return name
    return None
