"""Modality objects on disk: JSON, and npz where there are arrays."""

import pathlib
import zipfile

import numpy as np

from mmfusion import checks, files, registry, trust
from mmfusion.errors import ArgumentError, MmfusionError


def save_inputs(inputs, folder):
    """Writes `<name>.json` (and `<name>.npz`) for each modality.

    Args:
        inputs: dict of modality name to modality object.
        folder: str or path; made where it does not exist.

    Raises:
        ArgumentError: If a name is none of a modality.

    Example:

    >>> import tempfile
    >>> from mmfusion.data import Vector
    >>> folder = tempfile.mkdtemp()
    >>> save_inputs({"v": Vector(dim=3)}, folder)
    >>> [path.name for path in pathlib.Path(folder).iterdir()]
    ['v.json']
    """
    folder = pathlib.Path(folder)
    for name, modality in inputs.items():
        checks.check_modality_name(name)
        content = {"format": 1, **modality.settings()}
        if arrays := modality.arrays():
            path = folder / f"{name}.npz"
            with files.whole_file(path) as draft:
                np.savez(draft, **arrays)
            # The pair is saved and loaded as one, or refused.
            content["arrays"] = files.checksum(path)
        files.write_json(folder / f"{name}.json", content)


def load_inputs(folder, trusted=()) -> dict:
    """Reads what `save_inputs` wrote, by name.

    Args:
        folder: str or path.
        trusted: folders that hold the SavedModels of modalities, as
            `mmfusion.load_model` takes them.

    Returns:
        Dict of modality name to modality object, adapted as it was.

    Raises:
        ArgumentError: If there is none, a file is not what was written, or a
            SavedModel is not trusted.

    Example:

    >>> import tempfile
    >>> from mmfusion.data import Vector
    >>> folder = tempfile.mkdtemp()
    >>> save_inputs({"v": Vector(dim=3)}, folder)
    >>> load_inputs(folder)["v"].shape
    (3,)
    """
    paths = sorted(pathlib.Path(folder).glob("*.json"))
    if not paths:
        raise ArgumentError(f"`{folder}` holds no modality object.")
    with trust.trusting(trusted):
        return {path.stem: _load(path) for path in paths}


def _load(path):
    checks.check_modality_name(path.stem)
    content = files.read_json(path)
    if not isinstance(content, dict):
        raise ArgumentError(f"`{path}` holds no modality object.")
    keys = ("format", "type", "arguments", "state")
    checks.check_keys(str(path), content, (*keys, "arrays"), keys)
    checks.check_choice(str(path), "format", content["format"], (1,))
    kind = registry.get("modality", content["type"])
    arrays = {}
    if "arrays" in content:
        arrays = _load_arrays(path.with_suffix(".npz"), content["arrays"])
    known = checks.parameters(kind)
    try:
        checks.check_keys(f"arguments of {path}", content["arguments"], known)
        modality = kind.from_arguments(content["arguments"])
        modality.restore(content["state"], arrays)
    except MmfusionError:
        raise
    except Exception as error:
        # Of a word that is none TensorFlow raises even a SystemError.
        reason = " ".join(str(error).split())
        raise ArgumentError(
            f"`{path}` holds arguments or a state that is damaged: {reason}. "
            "Restore the file."
        ) from error
    return modality


def _load_arrays(path, checksum):
    try:
        if files.checksum(path) != checksum:
            raise ArgumentError(
                f"`{path}` is not the file that its JSON file was written "
                "with. Restore both."
            )
        with np.load(path, allow_pickle=False) as content:
            return dict(content)
    except FileNotFoundError as error:
        raise ArgumentError(
            f"`{path}` is missing. Restore it together with its JSON file."
        ) from error
    except (OSError, zipfile.BadZipFile) as error:
        raise ArgumentError(f"`{path}` cannot be read: {error}.") from error
