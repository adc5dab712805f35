"""Reads every value of one modality once, and keeps what is to be told."""

import hashlib
import os

import numpy as np

from mmfusion.data.distinct import Distinct, in_order
from mmfusion.data.modality import BadValue

# Bytes of a file that are hashed at a time.
_PIECE = 1 << 20


class Survey:
    """What was seen of one modality in all rows.

    A file that many rows name is read once. Canonical values stay in memory
    only where the modality adapts to them.

    Attributes:
        modality: the modality object.
        keys: list of what tells equal values, one a row; None where there is
            none.
        present: `(rows,)` bool. Whether there is a value, and a good one.
        measures: dict of name to float `(rows,)`, NaN where there is none.
        values: list of canonical values, or None where they are not kept.
        shown: list of a short form of each value, for messages.
    """

    def __init__(self, modality, rows):
        self.modality = modality
        self.keys = [None] * rows
        self.present = np.zeros(rows, "bool")
        self.measures = {}
        self.values = [None] * rows if modality.adaptive else None
        self.shown = [None] * rows

    def note(self, row, seen):
        """Keeps what was seen in one row."""
        self.keys[row], self.shown[row] = seen.key, seen.shown
        self.present[row] = True
        for name, value in seen.measures.items():
            if name not in self.measures:
                self.measures[name] = np.full(len(self.keys), np.nan)
            self.measures[name][row] = value
        if self.values is not None:
            self.values[row] = seen.value


class _Seen:
    """What is kept of one value."""

    def __init__(self, modality, value, array):
        self.value = array if modality.adaptive else None
        self.measures = modality.measure(array)
        self.key, self.shown = modality.key(array), None
        if self.key is not None:
            self.shown = repr(self.key[:40])
            self.key = _digest(self.key.encode())
        elif _is_path(value):
            self.key, self.shown = _file_digest(value), str(value)
        elif isinstance(array, np.ndarray) and array.dtype == object:
            self.key = _digest("\0".join(array).encode())
        else:
            self.key = _digest(np.ascontiguousarray(array).tobytes())


def survey(source, name, report):
    """Reads all rows of a source.

    Args:
        source: `TableSource`.
        name: str. The modality.
        report: function of `(name, row, column or None, what, reason)`.

    Returns:
        `Survey`.
    """
    modality = source.modality
    found = Survey(modality, len(source))
    distinct = Distinct(source)

    def read(number):
        try:
            value = source.value(int(distinct.firsts[number]))
            if modality.is_missing(value):
                return None
            return _Seen(modality, value, modality.read(value))
        except BadValue as error:
            return error

    numbers = range(len(distinct))
    for number, seen in in_order(read, numbers, modality.reads_files):
        for row in distinct.rows(number):
            _tell(found, name, row, seen, report)
    return found


def _tell(found, name, row, seen, report):
    if isinstance(seen, BadValue):
        for column, what in seen.faults:
            report(name, row, column, what, seen.reason)
    elif seen is not None:
        found.note(row, seen)
    elif not found.modality.optional:
        fix = f"fill it in, or make {name!r} optional"
        report(name, row, None, f"has no value; {fix}", "missing")


def _is_path(value):
    return isinstance(value, (str, os.PathLike)) and os.path.isfile(value)


def _file_digest(path):
    digest = hashlib.blake2b(digest_size=16)
    with open(path, "rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.digest()


def _digest(data):
    return hashlib.blake2b(data, digest_size=16).digest()
