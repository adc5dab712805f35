"""Loading models that hold mmfusion's classes."""

import importlib

import keras

from mmfusion import trust
from mmfusion.saving.archive import check_archive
from mmfusion.saving.bundle import accept_bundles

_PACKAGES = (
    "decision",
    "encoders",
    "fusion",
    "layers",
    "losses",
    "metrics",
    "models",
    "pretrained",
    "tasks",
)


def load_model(path, compile=True, trusted=()):
    """Loads a `.keras` file, checked first, in Keras' safe mode.

    A model that holds SavedModels (`mmfusion.pretrained.SavedModelLayer`) runs
    graphs of TensorFlow, which can read and write files. They run only if they
    are what they were when the model was saved, by their SHA-256, and the user
    trusts where they lie.

    Args:
        path: str or path of a file that `model.save` wrote.
        compile: bool. Whether to restore loss, metrics and optimizer, for
            further training. Defaults to True.
        trusted: str, path, or several: folders, all below which is trusted;
            the `.keras` file itself, if it was saved with `bundle=True`;
            https URLs of modules, or what they begin with; SHA-256 digests of
            bundled SavedModels. Defaults to nothing.

    Returns:
        The model, a `FusionModel` if it was saved as one.

    Raises:
        ArgumentError: If the file is missing, broken, holds anything but a
            model, a class that is refused or not known, or a SavedModel
            that is not trusted, not found, or has changed.

    Example:

    >>> import mmfusion as mm
    >>> mm.load_model("nowhere.keras")
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: Model file not found: `nowhere.keras`.
    """
    register()
    check_archive(path)
    with trust.trusting(trusted) as known:
        accept_bundles(path, known)
        return keras.saving.load_model(path, compile=compile, safe_mode=True)


def register():
    """Makes mmfusion's classes known to Keras.

    `load_model` does it by itself; call it before
    `keras.models.load_model`.
    """
    for package in _PACKAGES:
        importlib.import_module(f"mmfusion.{package}")
