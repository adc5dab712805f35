"""Prints of values: of a file its path, size and time, else the content."""

import hashlib
import os

import numpy as np

from mmfusion.errors import MmfusionError

# Of a value that cannot be told from others, and is read again each time.
NONE = b"\0" * 16


def prints_of(source, firsts):
    """What tells the values of a source from others, and from their past.

    Args:
        source: `TableSource`.
        firsts: `(values,)`, a row of each value.

    Returns:
        `(values, 16)` uint8, zeros where there is no print, and a text that
        stands for all of them; what has no print is told by its cells there.
    """
    prints, whole = [], hashlib.sha256()
    for row in firsts.tolist():
        digest = hashlib.blake2b(digest_size=16)
        try:
            value = source.value(row)
            for part in _parts(value, source.modality.reads_files):
                digest.update(len(part).to_bytes(8) + part)
            prints.append(digest.digest())
        except (OSError, ValueError, MmfusionError):
            prints.append(NONE)
            whole.update(repr(source.name_of(row)).encode() + b"\0")
        whole.update(prints[-1])
    array = np.frombuffer(b"".join(prints), "uint8").reshape(-1, 16)
    return array, whole.hexdigest()[:24]


def _parts(value, reads_files):
    """Yields bytes that say what a value is."""
    yield type(value).__name__.encode()
    if reads_files and isinstance(value, (str, os.PathLike)) and str(value):
        about = os.stat(value)
        path = os.path.abspath(value)
        yield f"{path}\0{about.st_size}\0{about.st_mtime_ns}".encode()
    elif isinstance(value, dict):
        for key, part in value.items():
            yield str(key).encode()
            yield from _parts(part, False)
    elif isinstance(value, (list, tuple)):
        yield str(len(value)).encode()
        for part in value:
            yield from _parts(part, reads_files)
    elif isinstance(value, np.ndarray) and value.dtype != object:
        yield f"{value.dtype}{value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, bytes):
        yield value
    else:
        yield repr(value).encode()
