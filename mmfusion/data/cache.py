"""Transformed values on disk: read once, kept for later runs, streamed."""

import dataclasses
import errno
import hashlib
import json
import os
import pathlib
import shutil
import tempfile

import numpy as np
import tensorflow as tf

from mmfusion import files
from mmfusion._version import __version__
from mmfusion.data.modality import BadValue
from mmfusion.data.prints import NONE, prints_of
from mmfusion.data.stored import Stored, faults_of
from mmfusion.errors import ArgumentError, MmfusionError

# Settings that change nothing in what is stored of a value.
_NOT_STORED = ("column", "optional")


class Cache:
    """A folder that keeps what has become of the values of modalities.

    Arrays there are mapped into memory, so that batches are read from the
    disk as they are needed. Each entry belongs to one modality with its
    settings and to the values of one table, and tells each value by a print:
    of a file its path, size and time of change, of others the content. Where
    a table is read again, only what is new or has changed is decoded.

    Modalities that learn from the training rows are transformed anew each
    time; their arrays are on the disk as long as the process lasts.

    Args:
        folder: str or path; made where it does not exist. It may be removed
            at any time between two runs.
    """

    def __init__(self, folder):
        if not isinstance(folder, (str, os.PathLike)) or not str(folder):
            raise ArgumentError(
                f"`cache` expects the path of a folder. Received: {folder!r}."
            )
        self.folder = pathlib.Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise ArgumentError(
                f"`cache` expects a folder, and `{folder}` is a file."
            )

    def stored(self, source, firsts, make, read):
        """What is stored of the values of a source, in any run.

        Args:
            source: `TableSource` of a modality that needs not adapt.
            firsts: `(values,)`, a row of each value.
            make: function of the numbers of the values to read, and of a
                function of a shape and a dtype that gives zeros, which gives
                `Stored`.
            read: function of a number that gives the canonical value, None
                where it is missing, or its `BadValue`.

        Returns:
            `Stored`, its arrays mapped.
        """
        home = self.folder / _settings_name(source.modality)
        prints, digest = prints_of(source, firsts)
        older = sorted(home.glob(f"{digest}-*"), key=_number)
        if older:
            entry = _Entry(older[-1], source.modality)
            faults = _faults(entry, read)
            if faults is not None:
                return dataclasses.replace(entry.stored, faults=faults)
        number = 1 + (_number(older[-1]) if older else 0)
        path = home / f"{digest}-{number}"
        faults = _write(path, source.modality, prints, make)
        for entry in older:
            shutil.rmtree(entry, ignore_errors=True)
        stored = _Entry(path, source.modality).stored
        return dataclasses.replace(stored, faults=faults)

    def scratch(self):
        """A function of a shape and a dtype: zeros on disk, for this process.

        The file has no name, and is gone with the array.
        """

        def empty(shape, dtype):
            size = int(np.prod(shape)) * np.dtype(dtype).itemsize
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=self.folder) as file:
                    _reserve(file, size)
                    return np.memmap(file, dtype, "r+", shape=shape)
            except OSError as error:
                raise _unwritable(self.folder, error) from error

        return empty


def _number(path):
    return int(path.name.rpartition("-")[2])


def _faults(entry, read):
    """The faults of bad values, read again; None where one is good now."""
    faults = {}
    for number in np.flatnonzero(~entry.prints.any(axis=1)).tolist():
        outcome = read(number)
        if not isinstance(outcome, BadValue):
            return None
        faults[number] = faults_of(outcome)
    return faults


def _write(path, modality, prints, make):
    """Writes an entry, whole or not at all; gives the faults of bad values."""
    older = _Older(path.parent, modality, prints)
    fresh = [n for n in range(len(prints)) if n not in older.places]
    try:
        with files.whole_folder(path) as draft:
            stored = make(fresh, lambda *a: _zeros(draft / "values.npy", *a))
            older.copy_to(stored)
            stored.values.flush()
            stored.values = None  # Unmapped before the folder is renamed.
            prints = prints.copy()
            prints[list(stored.faults)] = 0  # To be read again.
            np.save(draft / "there.npy", stored.there)
            np.save(draft / "prints.npy", prints)
            if stored.mask is not None:
                np.save(draft / "mask.npy", stored.mask)
            content = {"format": 1, "notes": stored.notes}
            files.write_json(draft / "values.json", content)
    except OSError as error:
        if not path.is_dir():  # Else another process was faster.
            raise _unwritable(path.parent, error) from error
    return stored.faults


class _Entry:
    """What is on the disk of the values of one table.

    Attributes:
        stored: `Stored`, without faults.
        prints: `(values, 16)` uint8, zeros for what is read again.
    """

    def __init__(self, path, modality):
        try:
            content = files.read_json(path / "values.json")
            notes = list(content["notes"])
            arrays = {"mask": None}
            for name in ("values", "there", "prints"):
                arrays[name] = _mapped(path, name)
            if modality.steps is not None:
                arrays["mask"] = _mapped(path, "mask")
        except (OSError, LookupError, TypeError, ValueError) as error:
            raise _damaged(path) from error
        except MmfusionError as error:
            raise _damaged(path) from error
        values, self.prints = arrays["values"], arrays.pop("prints")
        fits = values.shape == (len(self.prints), *modality.shape)
        if not fits or values.dtype != np.dtype(modality.storage):
            raise _damaged(path)
        self.stored = Stored(**arrays, faults={}, notes=notes)


class _Older:
    """What earlier entries hold of the same values.

    Args:
        home: path of the entries of one modality.
        modality: the modality object.
        prints: `(values, 16)` uint8.

    Attributes:
        places: dict of the number of a value to an entry and a place in it.
    """

    def __init__(self, home, modality, prints):
        self.places = {}
        wanted = {x.tobytes(): n for n, x in enumerate(prints)}
        wanted.pop(NONE, None)
        paths = [path.parent for path in home.glob("*/prints.npy")]
        for path in sorted(paths, key=os.path.getmtime, reverse=True):
            if not wanted:
                break
            entry = _Entry(path, modality)
            if entry.stored.notes:  # They speak of all values together.
                continue
            for place, one in enumerate(entry.prints):
                number = wanted.pop(one.tobytes(), None)
                if number is not None:
                    self.places[number] = (entry.stored, place)

    def copy_to(self, stored):
        """Copies what there is, value by value."""
        for number, (entry, place) in self.places.items():
            stored.values[number] = entry.values[place]
            stored.there[number] = entry.there[place]
            if stored.mask is not None:
                stored.mask[number] = entry.mask[place]


def _settings_name(modality):
    """The same for modalities that store the same of the same value."""
    kind = type(modality).__name__.lower()
    arguments = modality.arguments().items()
    about = {
        "class": f"{type(modality).__module__}.{type(modality).__qualname__}",
        "arguments": {k: v for k, v in arguments if k not in _NOT_STORED},
        "state": modality.state(),
        "versions": [__version__, tf.__version__],
    }
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name, array in sorted(modality.arrays().items()):
        digest.update(name.encode() + np.ascontiguousarray(array).tobytes())
    return f"{kind}-{digest.hexdigest()[:24]}"


def _mapped(path, name):
    return np.load(path / f"{name}.npy", "r", allow_pickle=False)


def _damaged(path):
    return ArgumentError(
        f"`cache` holds an entry that is damaged: `{path}`. Remove it; it is "
        "made again."
    )


def _unwritable(folder, error):
    return ArgumentError(
        f"`cache` cannot be written to `{folder}`: {error.strerror}. Choose "
        "another folder."
    )


def _zeros(path, shape, dtype):
    """Zeros in a file, mapped; the whole of it has its place on the disk."""
    array = np.lib.format.open_memmap(path, "w+", np.dtype(dtype), shape)
    with open(path, "r+b") as file:
        _reserve(file, path.stat().st_size)
    return array


def _reserve(file, size):
    """Takes the place now: a mapped write to a full disk ends the process."""
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            file.truncate(size)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        raise ArgumentError(
            f"`cache` needs {size / 1e9:.1f} GB, which the disk does not "
            "have. Choose another folder, or free some."
        ) from error
