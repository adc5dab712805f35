"""One array out of a `.npy` or `.npz` file, looked at before it is loaded."""

import math
import os
import zipfile
import zlib

import numpy as np

from mmfusion.data.host_file import check_file
from mmfusion.data.modality import (
    BadValue,
)

_SUFFIXES = (".npy", ".npz")
_ANY = 2**63


def split_name(cell):
    """A cell's path, and what it names within the file, or None.

    Example:

    >>> split_name("a/b.npy#12"), split_name("c#3/b.npy")
    (('a/b.npy', '12'), ('c#3/b.npy', None))
    """
    cell = os.fspath(cell)
    path, _, key = cell.rpartition("#")
    return (path, key) if path.lower().endswith(_SUFFIXES) else (cell, None)


def read_numpy(cell, max_bytes):
    """The array that a cell names.

    Args:
        cell: str or path. `v.npy`, all of it; `table.npy#12`, a row of it,
            from 0, of which alone is read; `v.npz`, which holds one array;
            `table.npz#key`, one of several.
        max_bytes: int. Larger arrays are refused by their header.

    Returns:
        Array of numbers.

    Raises:
        BadValue: If there is no such array, or it is not one of numbers.
    """
    path, key = split_name(cell)
    if not path.lower().endswith(_SUFFIXES):
        raise BadValue(
            f"{path!r} is no .npy or .npz file",
            "name one, or leave `files=True` out",
            reason="unsupported format",
        )
    check_file(path, _ANY)
    try:
        if path.lower().endswith(".npz"):
            return _member(path, key, max_bytes)
        with open(path, "rb") as file:
            shape, dtype = _header(file)
        return _rows(path, key, shape, dtype, max_bytes)
    except BadValue as error:
        raise BadValue(f"'{path}' {error}", reason=error.reason) from error
    except (
        OSError,
        EOFError,
        ValueError,
        RuntimeError,  # An encrypted member.
        NotImplementedError,  # A compression that is not known.
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise BadValue(
            f"'{path}' is damaged, or no file of NumPy: {error}",
            "save the array again",
        ) from error


def _rows(path, key, shape, dtype, max_bytes):
    if key is None:
        _check_size(shape, dtype, max_bytes)
        return np.load(path, allow_pickle=False)
    if not key.isdecimal() or not shape or int(key) >= shape[0]:
        raise BadValue(
            f"has the shape {shape} and no row {key!r}, counted from 0",
            "correct what stands behind `#`",
        )
    _check_size(shape[1:], dtype, max_bytes)
    table = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.array(table[int(key)])


def _member(path, key, max_bytes):
    with zipfile.ZipFile(path) as archive:
        names = [name.removesuffix(".npy") for name in archive.namelist()]
        if key is None and len(names) == 1:
            key = names[0]
        if key is None or key not in names:
            raise BadValue(
                f"holds the arrays {names[:20]}, and no {key!r}"
                if key
                else f"holds {len(names)} arrays: {names[:20]}",
                "name one behind `#`",
            )
        name = archive.namelist()[names.index(key)]
        with archive.open(name) as file:
            _check_size(*_header(file), max_bytes)
        with archive.open(name) as file:
            return np.lib.format.read_array(file, allow_pickle=False)


def _header(file):
    """The shape and dtype of an array of numbers; nothing of it is loaded."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):  # Names of fields; a header may have gigabytes.
        raise BadValue("has fields, no plain numbers", "save one array of them")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.hasobject:
        raise BadValue(
            "holds Python objects, which may run code",
            "save an array of numbers",
            reason="unsupported format",
        )
    if dtype.kind not in "fiu":
        raise BadValue(
            f"holds {dtype}, no numbers", "convert it", reason="not a number"
        )
    return shape, dtype


def _check_size(shape, dtype, max_bytes):
    size = math.prod(shape) * dtype.itemsize
    if size > max_bytes:
        raise BadValue(
            f"holds an array of {size} bytes, more than "
            f"`max_bytes={max_bytes}`",
            "make it smaller, name a row of it, or raise `max_bytes`",
            reason="too large",
        )
