"""The values of one modality in all rows, read once and ready for a model."""

import os

import numpy as np

from mmfusion.data.distinct import Distinct, in_order
from mmfusion.data.host_file import read_bytes
from mmfusion.data.in_graph import in_graph, reads_in_graph
from mmfusion.data.modality import BadValue
from mmfusion.data.part import Part
from mmfusion.data.stored import as_given, faults_of, store
from mmfusion.errors import ArgumentError, DataError

# Fewer files are read before a graph of their own would be made.
_MANY = 64


class Column:
    """One modality over all rows of a data set.

    Rows that name the same file share what is stored of it.

    Attributes:
        modality: the modality object.
        source: where raw values are.
        values: array `(stored, *shape)` in the storage dtype; zeros where
            there is no value.
        present: `(rows,)` bool.
        mask: `(stored, steps)` bool, which steps there are, False where there
            is no value; None where the modality has no steps.
        index: `(rows,)` int64, where in `values` and `mask` that of each row
            is; None: they are stored row by row.
        notes: list of str. What was seen in the values, and is no fault.
    """

    def __init__(
        self, modality, source, values, present, mask=None, index=None, notes=()
    ):
        self.modality = modality
        self.source = source
        self.values = values
        self.present = present
        self.mask = mask
        self.index = index
        self.notes = list(notes)

    def value(self, row):
        """What `Modality.read` takes of a row; None for none, or a bad one."""
        return self.source.value(int(row)) if self.present[row] else None

    def rows(self, array, rows):
        """Some rows of what is stored as `values` and `mask` are."""
        return Part(array, self.index).take(rows)

    def tensors(self, name):
        """The arrays of a batch, and their dtypes, by the name of the input.

        Args:
            name: str. The modality.

        Returns:
            Dict of input name to `Part` of all rows, and to dtype.
        """
        parts = {name: Part(self.values, self.index)}
        dtypes = {name: self.modality.dtype}
        if self.mask is not None:
            parts[f"{name}_mask"] = Part(self.mask, self.index)
        if self.modality.optional:
            parts[f"{name}_present"] = Part(self.present)
        return parts, dtypes | dict.fromkeys(parts.keys() - {name}, "bool")


def notes_of(columns):
    """The notes of all columns, each with the name of its modality.

    Args:
        columns: dict of modality name to `Column`.

    Returns:
        List of str.
    """
    return [
        f"{name}: {note}"
        for name, column in columns.items()
        for note in column.notes
    ]


def read_columns(
    sources,
    report,
    training=None,
    settle=None,
    settle_again=None,
    refuse=None,
    cache=None,
):
    """Reads every value of every modality, and transforms it, once.

    A modality that adapts keeps its canonical values until all are read; the
    others are transformed at once, so that only the compact outcome stays, in
    memory or in the cache.

    Args:
        sources: dict of modality name to source.
        report: function of `(name, row, column or None, what, reason)` that
            is told of each bad or missing value.
        training: list of the indices of the rows to adapt to, which may be
            filled by `settle`; or None where the modalities have adapted
            before.
        settle: function that is called once all is read. It raises if what
            was reported cannot stay.
        settle_again: the same for what shows only after adapting.
        refuse: function of `(name, what)`, told what nothing is learned from.
        cache: `Cache` that keeps what is transformed, or None.

    Returns:
        Dict of modality name to `Column`.
    """
    adapting = (
        [source.modality for source in sources.values()]
        if training is not None
        else []
    )
    _check_not_shared(adapting)
    columns, waiting = {}, {}
    for name, source in sorted(sources.items()):
        reading = _Reading(name, source, report, cache)
        if source.modality.adaptive and training is not None:
            reading.keep()
            waiting[name] = reading
        else:
            columns[name] = reading.column()
    if settle:
        settle()
    for name, reading in waiting.items():
        try:
            columns[name] = reading.adapted_column(sorted(set(training)))
        except DataError as error:
            refuse(name, str(error))
    if waiting and settle_again:
        settle_again()
    return dict(sorted(columns.items()))


class _Reading:
    """How one modality is read."""

    def __init__(self, name, source, report, cache):
        self.name = name
        self.source = source
        self.modality = source.modality
        self.report = report
        self.cache = cache
        self.distinct = Distinct(source)
        self.kept = {}

    def column(self):
        """Reads, and transforms at once."""

        def make(numbers, empty):
            ready = ()
            if len(numbers) >= _MANY and reads_in_graph(self.modality):
                ready = in_graph(self.modality, numbers, self._data)
            return self._store(numbers, self._outcomes, ready, empty)

        if self.cache is None:
            stored = make(range(len(self.distinct)), np.zeros)
        else:
            firsts = self.distinct.firsts
            stored = self.cache.stored(self.source, firsts, make, self._read)
        for number in np.flatnonzero(~stored.there).tolist():
            if number in stored.faults:
                self._tell(number, stored.faults[number])
            else:
                self._tell_missing(number)
        return self._column(stored)

    def keep(self):
        """Reads, and keeps the canonical values."""
        for number, outcome in self._outcomes(range(len(self.distinct))):
            if outcome is None:
                self._tell_missing(number)
            elif isinstance(outcome, BadValue):
                self._tell(number, faults_of(outcome))
            else:
                self.kept[number] = outcome

    def adapted_column(self, rows):
        """Learns from what was kept of some rows, and transforms all."""
        numbers = map(self.distinct.number, rows)
        self.modality.adapt([self.kept[n] for n in numbers if n in self.kept])

        def again(numbers):
            """Now that it knows, say, which columns are numbers."""
            for number in numbers:
                try:
                    yield number, self.modality.read(self.kept.pop(number))
                except BadValue as error:
                    yield number, error

        empty = np.zeros if self.cache is None else self.cache.scratch()
        stored = self._store(list(self.kept), again, (), empty)
        for number, faults in stored.faults.items():
            self._tell(number, faults)
        return self._column(stored)

    def _outcomes(self, numbers):
        """Yields each of some numbers, and what its value is."""
        return in_order(self._read, numbers, self.modality.reads_files)

    def _value(self, number):
        return self.source.value(int(self.distinct.firsts[number]))

    def _read(self, number):
        """A canonical value, None where it is missing, or a `BadValue`."""
        try:
            value = self._value(number)
            if self.modality.is_missing(value):
                return None
            return self.modality.read(value)
        except BadValue as error:
            return error

    def _data(self, number):
        """The bytes of a file; None where there are none to be had."""
        try:
            value = self._value(number)
            if isinstance(value, (str, os.PathLike)) and str(value):
                value = read_bytes(value, self.modality.max_bytes)
        except BadValue:
            return None  # `_read` finds it, too, and tells.
        short = (
            isinstance(value, bytes) and len(value) <= self.modality.max_bytes
        )
        return value if short else None

    def _store(self, numbers, outcomes, ready, empty):
        return store(
            self.modality,
            len(self.distinct),
            numbers,
            outcomes,
            ready,
            as_given(self.source),
            empty,
        )

    def _column(self, stored):
        index = self.distinct.index
        there = stored.there if index is None else stored.there[index]
        return Column(
            self.modality,
            self.source,
            stored.values,
            there,
            stored.mask,
            index,
            stored.notes,
        )

    def _tell(self, number, faults):
        for row in self.distinct.rows(number):
            for column, what, reason in faults:
                self.report(self.name, row, column, what, reason)

    def _tell_missing(self, number):
        if not self.modality.optional:
            fix = f"fill it in, or make {self.name!r} optional"
            what = f"has no value; {fix}"
            self._tell(number, [(None, what, "missing")])


def _check_not_shared(modalities):
    adaptive = [id(m) for m in modalities if m.adaptive]
    if len(set(adaptive)) < len(adaptive):
        raise ArgumentError(
            "`inputs` has one object under two names, and it learns from its "
            "values. Make one object for each name."
        )
