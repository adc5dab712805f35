"""The values of one modality in all rows, read once and ready for a model."""

import collections
import concurrent.futures
import itertools
import os

import numpy as np
import tensorflow as tf

from mmfusion.data.modality import BadValue
from mmfusion.data.stream import stream
from mmfusion.errors import ArgumentError, DataError

# Values of equal shape travel to the graph together.
_CHUNK = 64
_CHUNK_BYTES = 16_000_000


class Column:
    """One modality over all rows of a data set.

    Attributes:
        modality: the modality object.
        source: where raw values are.
        values: array `(rows, *shape)` in the storage dtype; zeros where there
            is no value.
        present: `(rows,)` bool.
        mask: `(rows, steps)` bool, which steps there are, False where there is
            no value; None where the modality has no steps.
    """

    def __init__(self, modality, source, values, present, mask=None):
        self.modality = modality
        self.source = source
        self.values = values
        self.present = present
        self.mask = mask

    def tensors(self, name):
        """The arrays of a batch, and their dtypes, by the name of the input.

        Args:
            name: str. The modality.

        Returns:
            Dict of input name to array `(rows, ...)`, and to dtype.
        """
        arrays, dtypes = {name: self.values}, {name: self.modality.dtype}
        if self.mask is not None:
            arrays[f"{name}_mask"] = self.mask
        if self.modality.optional:
            arrays[f"{name}_present"] = self.present
        return arrays, dtypes | dict.fromkeys(arrays.keys() - {name}, "bool")


def read_columns(
    sources,
    report,
    training=None,
    settle=None,
    settle_again=None,
    refuse=None,
):
    """Reads every value of every modality, and transforms it, once.

    A modality that adapts keeps its canonical values until all are read; the
    others are transformed at once, so that only the compact outcome stays in
    memory.

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
        values = _canonical(name, source, report)
        if source.modality.adaptive and training is not None:
            waiting[name] = list(values)
        else:
            columns[name] = _store(source, values)
    if settle:
        settle()
    learn = set() if training is None else set(training)
    for name, values in waiting.items():
        modality = sources[name].modality
        try:
            modality.adapt([array for row, array in values if row in learn])
        except DataError as error:
            refuse(name, str(error))
            continue
        values = _read_again(name, modality, values, report)
        columns[name] = _store(sources[name], values)
    if waiting and settle_again:
        settle_again()
    return dict(sorted(columns.items()))


def _read_again(name, modality, values, report):
    """Now that the modality knows, say, which columns are numbers."""
    for row, array in values:
        try:
            yield row, modality.read(array)
        except BadValue as error:
            _report_faults(error, name, row, report)


def _check_not_shared(modalities):
    adaptive = [id(m) for m in modalities if m.adaptive]
    if len(set(adaptive)) < len(adaptive):
        raise ArgumentError(
            "`inputs` has one object under two names, and it learns from its "
            "values. Make one object for each name."
        )


def _canonical(name, source, report):
    """Yields `(row, canonical array)` of the rows that have a value."""
    modality = source.modality

    def read(row):
        try:
            value = source.value(row)
            if modality.is_missing(value):
                return None
            return modality.read(value)
        except BadValue as error:
            return error

    for row, outcome in in_order(read, len(source), modality.reads_files):
        if outcome is None and not modality.optional:
            fix = f"fill it in, or make {name!r} optional"
            report(name, row, None, f"has no value; {fix}", "missing")
        elif isinstance(outcome, BadValue):
            _report_faults(outcome, name, row, report)
        elif outcome is not None:
            yield row, outcome


def _report_faults(error, name, row, report):
    for column, what in error.faults:
        report(name, row, column, what, error.reason)


def in_order(read, count, threads):
    """`(row, read(row))` by row; files are read by several threads ahead."""
    if not threads:
        yield from ((row, read(row)) for row in range(count))
        return
    workers = max(2, os.cpu_count() or 2)
    waiting = collections.deque()
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        try:
            for row in range(count):
                waiting.append((row, pool.submit(read, row)))
                if len(waiting) > 4 * workers:  # Bounds what is in memory.
                    row, outcome = waiting.popleft()
                    yield row, outcome.result()
            while waiting:
                row, outcome = waiting.popleft()
                yield row, outcome.result()
        finally:
            for _, outcome in waiting:
                outcome.cancel()


def _store(source, canonical):
    """Transforms canonical values, in parallel, into one compact array."""
    modality, count = source.modality, len(source)
    present = np.zeros(count, "bool")
    mask = None
    if modality.steps is not None:
        mask = np.zeros((count, modality.steps), "bool")
    as_given = _as_given(source)
    values = None
    places, done = [], 0
    canonical = _elements(modality, canonical, mask)
    for batch in _transformed(modality.element, canonical, places.append):
        # Rows, and which of several elements of a row.
        at = tuple(np.array(places[done : done + len(batch)]).T)
        done += len(batch)
        present[at[0]] = True
        if as_given is not None and values is None:
            # The caller's own array serves as long as nothing changes in it.
            if np.array_equal(as_given[at], batch):
                continue
        if values is None:
            values = _begun(modality, as_given, present)
        values[at] = batch
    if values is None and as_given is not None and present.all():
        values = as_given
    if values is None:
        values = _begun(modality, as_given, present)
    return Column(modality, source, values, present, mask)


def _elements(modality, canonical, mask):
    """Yields `(place, canonical array)` of each element; fills the mask."""
    several = modality.element is not modality
    for row, value in canonical:
        if mask is not None:
            mask[row] = modality.mask(value)
        for number, array in enumerate(modality.elements(value)):
            yield ((row, number) if several else (row,)), array


def _begun(modality, as_given, present):
    """Zeros, with the rows so far where these are as they were given."""
    values = np.zeros((len(present), *modality.shape), modality.storage)
    if as_given is not None:
        values[present] = as_given[present]
    return values


def _as_given(source):
    """The array that a source holds, where a model could take it as it is."""
    array = getattr(source, "values", None)
    modality = source.modality
    same = (
        modality.element is modality
        and isinstance(array, np.ndarray)
        and array.dtype == np.dtype(modality.storage)
        and array.shape[1:] == tuple(modality.shape)
    )
    return array if same else None


def _transformed(modality, canonical, note):
    """Yields batches of transformed values; `note` is told each place."""
    failures = []

    def chunks():
        try:
            for places, chunk in _chunks(canonical):
                for place in places:
                    note(place)
                yield chunk
        except Exception as error:
            # TensorFlow would wrap it and lose its type.
            failures.append(error)

    chunk_stream = chunks()
    first = next(chunk_stream, None)
    if first is not None:
        shape = [None] * first.ndim
        dtype = "string" if first.dtype == object else first.dtype
        dataset = (
            stream(
                itertools.chain([first], chunk_stream),
                tf.TensorSpec(shape, dtype),
            )
            .unbatch()
            .map(
                lambda x: tf.cast(modality.transform(x), modality.storage),
                num_parallel_calls=tf.data.AUTOTUNE,
                deterministic=True,
            )
            .batch(_CHUNK)
            .prefetch(1)
        )
        for batch in dataset:
            yield batch.numpy()
    if failures:
        raise failures[0]


def _chunks(canonical):
    """Stacks neighbours of equal shape: `(places, array)`."""
    places, arrays = [], []
    for place, array in canonical:
        array = np.asarray(array)
        if array.dtype.kind in "US":  # A short text beside one of 10 MB.
            array = array.astype(object)
        full = len(arrays) == _CHUNK
        full |= len(arrays) * array.nbytes > _CHUNK_BYTES
        if arrays and (full or array.shape != arrays[0].shape):
            yield places, np.stack(arrays)
            places, arrays = [], []
        places.append(place)
        arrays.append(array)
    if arrays:
        yield places, np.stack(arrays)
