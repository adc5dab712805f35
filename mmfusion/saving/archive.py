"""What a `.keras` file may hold; looked at before anything is parsed."""

import json
import pathlib
import re
import stat
import zipfile

import keras

from mmfusion.errors import ArgumentError
from mmfusion.optional import require

_MEMBERS = re.compile(
    r"metadata\.json|config\.json|model\.weights\.h5|assets/[\w\-./]*"
)
_MAX_MEMBERS = 1000
_MAX_BYTES = 16 << 30
# HDF5 and JSON seldom shrink more; a bomb does by 1,000 and above.
_MAX_RATIO = 200
_REFUSED = {
    "Lambda": "it runs arbitrary Python",
    "TFSMLayer": "it runs an arbitrary TensorFlow graph",
    "TorchModuleWrapper": "it unpickles",
}


def check_archive(path):
    """A `.keras` file is what it claims to be and holds nothing foreign.

    Args:
        path: str or path.

    Raises:
        ArgumentError: If it is not there, not a zip, holds an unknown member,
            a link or a bomb, is broken, or names a class that is not known.
    """
    path = pathlib.Path(path)
    if not path.exists():
        raise ArgumentError(f"Model file not found: `{path}`.")
    if path.is_dir():
        raise ArgumentError(
            f"`{path}` is a folder. `load_model` reads a `.keras` file; a "
            "SavedModel is served, or read by `tf.saved_model.load`."
        )
    if path.suffix != ".keras":
        raise ArgumentError(
            f"`load_model` expects a `.keras` file. Received: `{path}`."
        )
    if not zipfile.is_zipfile(path):
        raise ArgumentError(
            f"`{path}` is not a Keras file: it is no zip archive. Was it cut "
            "short, or renamed?"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive.infolist())
            broken = archive.testzip()
            if broken:
                raise ArgumentError(f"`{path}` is broken at `{broken}`.")
            config = json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        if isinstance(error, ArgumentError):
            raise
        raise ArgumentError(f"`{path}` is broken: {error}.") from error
    for name, module, registered in _classes(config):
        _check_class(path, name, module, registered)


def _check_members(path, members):
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > _MAX_MEMBERS or total > _MAX_BYTES:
        raise ArgumentError(
            f"`{path}` holds {len(members)} members of {total} bytes, more "
            "than a model file may."
        )
    if total > _MAX_RATIO * max(packed, 1 << 16):
        raise ArgumentError(
            f"`{path}` would unpack {packed} bytes to {total}: refused."
        )
    for member in members:
        link = stat.S_ISLNK(member.external_attr >> 16)
        known = _MEMBERS.fullmatch(member.filename)
        if link or not known or ".." in member.filename:
            raise ArgumentError(
                f"`{path}` holds `{member.filename}`, which is no part of a "
                "model file: refused."
            )


def _classes(value):
    """Every class that a configuration names."""
    if isinstance(value, dict):
        if isinstance(value.get("class_name"), str) and "config" in value:
            yield (
                value["class_name"],
                value.get("module"),
                value.get("registered_name"),
            )
        for part in value.values():
            yield from _classes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _classes(part)


def _check_class(path, name, module, registered):
    if name in _REFUSED:
        raise ArgumentError(
            f"`{path}` holds a `{name}` layer, which is refused: "
            f"{_REFUSED[name]}."
        )
    if name.startswith("__"):  # Tensors, slices and the like.
        return
    if module is not None and module.partition(".")[0] == "keras":
        return
    if module is not None and module.partition(".")[0] == "keras_hub":
        _check_hub_class(path, registered or name)
    known = keras.saving.get_registered_object(registered or name)
    if known is None:
        raise ArgumentError(
            f"`{path}` holds the class `{registered or name}` of `{module}`, "
            "which is not known. Import the code that registers it with "
            "`keras.saving.register_keras_serializable` first."
        )


def _check_hub_class(path, registered):
    """Layers and backbones of KerasHub are welcome; its import names them."""
    hub = require("keras_hub", extra="hub")
    known = keras.saving.get_registered_object(registered)
    if isinstance(known, type) and issubclass(known, hub.tokenizers.Tokenizer):
        raise ArgumentError(
            f"`{path}` holds a `{known.__name__}`, which is refused: it reads "
            "files. Tokenise outside the model."
        )
