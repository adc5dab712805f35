"""Reads every value of one modality once, and keeps what is to be told."""

import hashlib
import os

import numpy as np

from mmfusion.data.copies import file_digest
from mmfusion.data.distinct import Distinct, in_order
from mmfusion.data.modality import BadValue


class Survey:
    """What was seen of one modality in all rows.

    A file that many rows name is read once. Canonical values stay in memory
    only where the modality adapts to them.

    Attributes:
        modality: the modality object.
        keys: list of what tells equal values, one a row; None where there is
            none.
        parts: list of a tuple of these, one for each value of a row that has
            several; of the one key otherwise.
        present: `(rows,)` bool. Whether there is a value, and a good one.
        measures: dict of name to float `(rows,)`, NaN where there is none.
        values: list of canonical values, or None where they are not kept.
        shown: list of a short form of each value, for messages.
    """

    def __init__(self, modality, rows):
        self.modality = modality
        self.keys = [None] * rows
        self.parts = [None] * rows
        self.present = np.zeros(rows, "bool")
        self.measures = {}
        self.values = [None] * rows if modality.adaptive else None
        self.shown = [None] * rows

    def note(self, row, seen):
        """Keeps what was seen in one row."""
        self.keys[row], self.shown[row] = seen.key, seen.shown
        self.parts[row] = seen.parts
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
        self.key, self.shown = _key(modality, value, array)
        self.parts = (self.key,)
        one = modality.element
        if one is not modality:
            arrays = modality.elements(array)
            values = [None] * len(arrays)
            if isinstance(value, list):
                values = [x for x in value if not one.is_missing(x)]
            # What is cut off at the end is in no split.
            pairs = zip(values, arrays, strict=False)
            self.parts = tuple(_key(one, *pair)[0] for pair in pairs)


def _key(modality, value, array):
    """What tells equal values, and a short form of it, or None."""
    key = modality.key(array)
    if key is not None:
        return _digest(key.encode()), repr(key[:40])
    if _is_path(value):
        return file_digest(value), str(value)
    if isinstance(array, np.ndarray) and array.dtype == object:
        return _digest("\0".join(array).encode()), None
    return _digest(np.ascontiguousarray(array).tobytes()), None


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


def _digest(data):
    return hashlib.blake2b(data, digest_size=16).digest()
