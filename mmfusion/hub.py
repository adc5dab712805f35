"""Opens a SavedModel of TensorFlow 2, such as a module of TensorFlow Hub."""

import dataclasses
import importlib
import pathlib

from mmfusion import trust
from mmfusion.errors import ArgumentError, MissingExtraError


@dataclasses.dataclass(frozen=True)
class Module:
    """An opened SavedModel.

    Attributes:
        loaded: what `tf.saved_model.load` returns, callable.
        folder: `pathlib.Path` of its files.
        sha256: str. `trust.checksum` of the folder.
        handle: str. What a file may call it: its URL, or the name of its
            folder.
    """

    loaded: object
    folder: pathlib.Path
    sha256: str
    handle: str


def open_module(who, handle, sha256=None) -> Module:
    """Opens a SavedModel, if it may run and is what is expected.

    Args:
        who: str. The caller, for messages.
        handle: str or path: the folder of a SavedModel, or the https URL of a
            module of TensorFlow Hub, which is downloaded and kept.
        sha256: str. What `trust.checksum` must give; None takes what is
            there.

    Raises:
        ArgumentError: If it is not there, not trusted, has changed, or cannot
            be called.
    """
    folder = trust.given(who, handle)
    found = trust.checksum(folder)
    if sha256 is not None and sha256 != found:
        raise ArgumentError(
            f"`{who}` expects `{folder}` to have the SHA-256 {sha256[:12]}... "
            f"Received: {found[:12]}... It has changed: restore it."
        )
    loaded = _load(who, folder)
    if not callable(loaded):
        raise ArgumentError(
            f"`{who}` expects a reusable SavedModel, one with `__call__`. "
            f"Received: `{folder}`, with the signatures "
            f"{sorted(getattr(loaded, 'signatures', []))} only."
        )
    trust.accept(found, folder)
    name = str(handle) if "://" in str(handle) else folder.name
    return Module(loaded, folder, found, name)


def _load(who, folder):
    import tensorflow as tf

    try:
        return tf.saved_model.load(str(folder))
    except (OSError, RuntimeError, tf.errors.OpError) as error:
        if "Op type not registered" not in str(error):
            raise ArgumentError(
                f"`{who}` cannot read the SavedModel `{folder}`: "
                f"{' '.join(str(error).split())[:200]}."
            ) from error
    try:  # Its import is what registers its ops.
        importlib.import_module("tensorflow_text")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"`{folder}` needs ops of `tensorflow_text`, which is not "
            "installed. Install it with: pip install tensorflow-text"
        ) from error
    return tf.saved_model.load(str(folder))
