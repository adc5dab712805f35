"""What lies beside an exported model: labels, schema, versions, checksums."""

import keras
import tensorflow as tf

from mmfusion import files
from mmfusion._version import __version__
from mmfusion.export import signature


def labels(model):
    """The classes of every output that has some, in the order of its columns.

    Returns:
        Dict of output name to list of JSON values.
    """
    found = {name: signature.classes(model, name) for name in model.main_tasks}
    return {name: list(x) for name, x in found.items() if x is not None}


def describe(specs):
    """Tensor specs by name as plain values; None stands for any size."""
    return {
        name: {"shape": list(spec.shape), "dtype": spec.dtype.name}
        for name, spec in sorted(specs.items())
    }


def versions():
    """The packages that made the export."""
    return {
        "mmfusion": __version__,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
    }


def write_checksums(folder, target):
    """Writes the SHA-256 of every file below `folder`, by its path in there.

    Args:
        folder: `pathlib.Path`. What is shipped.
        target: `pathlib.Path` of the JSON file, which does not list itself.
    """
    files.write_json(
        target,
        {
            file.relative_to(folder).as_posix(): files.checksum(file)
            for file in sorted(folder.rglob("*"))
            if file.is_file() and file != target
        },
    )
