"""Says whether a table is the one that it was."""

import hashlib
import json
import pathlib

from mmfusion import files
from mmfusion.data.tables.builder import builder_of
from mmfusion.data.tables.read import (
    files_of,
    find_format,
    is_tfds,
    tfds_arguments,
)


def fingerprint(source) -> str:
    """SHA-256 of a table, as a path or a dict of split to path names it.

    Of a file it is that of its bytes; of a folder of class folders that of
    the names and sizes of the files; of a folder with metadata that of the
    metadata; of a data set of TensorFlow Datasets that of its version, of the
    examples and bytes of its splits, and of the other arguments. The files
    that a table names are not looked at.

    Args:
        source: as `read_table` takes it.

    Returns:
        str, hexadecimal digits.

    Raises:
        DataError: If there is no table.

    Example:

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_bytes(b"a,b\\n1,2\\n")
    >>> fingerprint(path)[:8]
    '492d5ea4'
    """
    if is_tfds(source):
        return _of_tfds(*tfds_arguments(source))
    if isinstance(source, dict):
        parts = sorted(files_of(source).items())
        lines = [f"{split}\0{fingerprint(path)}\n" for split, path in parts]
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    path = pathlib.Path(source)
    if path.is_file():
        return files.checksum(path)
    return find_format(path).digest(path)


def _of_tfds(name, arguments):
    info = builder_of(name, arguments.get("data_dir")).info
    splits = {
        split: [one.num_examples, one.num_bytes]
        for split, one in sorted(info.splits.items())
    }
    where = ("data_dir", "download")  # The same wherever it lies.
    others = {key: x for key, x in arguments.items() if key not in where}
    content = [info.full_name, splits, others]
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
