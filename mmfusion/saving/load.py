"""Loading models that hold mmfusion's classes."""

import importlib

import keras

from mmfusion.saving.archive import check_archive

_PACKAGES = (
    "decision",
    "encoders",
    "fusion",
    "layers",
    "losses",
    "metrics",
    "models",
    "tasks",
)


def load_model(path, compile=True):
    """Loads a `.keras` file, checked first, in Keras' safe mode.

    Args:
        path: str or path of a file that `model.save` wrote.
        compile: bool. Whether to restore loss, metrics and optimizer, for
            further training. Defaults to True.

    Returns:
        The model, a `FusionModel` if it was saved as one.

    Raises:
        ArgumentError: If the file is missing, broken, holds anything but a
            model, or a class that is refused or not known.

    Example:

    >>> import mmfusion as mm
    >>> mm.load_model("nowhere.keras")
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: Model file not found: `nowhere.keras`.
    """
    register()
    check_archive(path)
    return keras.saving.load_model(path, compile=compile, safe_mode=True)


def register():
    """Makes mmfusion's classes known to Keras.

    `load_model` does it by itself; call it before
    `keras.models.load_model`.
    """
    for package in _PACKAGES:
        importlib.import_module(f"mmfusion.{package}")
