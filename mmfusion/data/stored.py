"""Transforms the values of one modality, in parallel, into one array."""

import dataclasses
import itertools

import numpy as np
import tensorflow as tf

from mmfusion.data.modality import BadValue
from mmfusion.data.stream import stream

# Values of equal shape travel to the graph together.
_CHUNK = 64
_CHUNK_BYTES = 16_000_000


@dataclasses.dataclass
class Stored:
    """What has become of the values of a modality.

    Attributes:
        values: array `(values, *shape)` in the storage dtype; zeros where
            there is none, or a bad one.
        there: `(values,)` bool.
        mask: `(values, steps)` bool, or None where there are no steps.
        faults: dict of the number of a value to the faults of its `BadValue`,
            `(column or None, what, reason)` each.
        notes: list of str. What was seen in the values, and is no fault.
    """

    values: np.ndarray
    there: np.ndarray
    mask: np.ndarray | None
    faults: dict
    notes: list = dataclasses.field(default_factory=list)


def store(
    modality, count, numbers, outcomes, ready=(), given=None, empty=np.zeros
):
    """Transforms canonical values into one compact array.

    Args:
        modality: the modality object.
        count: int. How many values there are.
        numbers: iterable of the numbers of those to store.
        outcomes: function of numbers that yields each with its canonical
            array, None where it is missing, or its `BadValue`.
        ready: iterable of numbers `(n,)` and their tensors, for those that
            need no canonical array.
        given: array that a model could take as it is, or None. It serves as
            long as nothing changes in it.
        empty: function of a shape and a dtype that gives an array of zeros.

    Returns:
        `Stored`.
    """
    there, mask, faults = np.zeros(count, "bool"), None, {}
    if modality.steps is not None:
        mask = np.zeros((count, modality.steps), "bool")
    values = None
    for at, batch in ready:
        if values is None:
            values = _begun(modality, None, there, empty)
        there[at], values[at] = True, batch
    left = [number for number in numbers if not there[number]]
    places, done = [], 0
    canonical = _elements(modality, _good(outcomes(left), faults), mask)
    for batch in _transformed(modality.element, canonical, places.append):
        # Which value, and which of its elements where it has several.
        at = tuple(np.array(places[done : done + len(batch)]).T)
        done += len(batch)
        there[at[0]] = True
        if given is not None and values is None:
            if np.array_equal(given[at], batch):
                continue
        if values is None:
            values = _begun(modality, given, there, empty)
        values[at] = batch
    if values is None and given is not None and there.all():
        values = given
    if values is None:
        values = _begun(modality, given, there, empty)
    return Stored(values, there, mask, faults, modality.notes())


def as_given(source):
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


def faults_of(error):
    """`(column or None, what, reason)` of each fault of a `BadValue`."""
    return [(*fault, error.reason) for fault in error.faults]


def _good(outcomes, faults):
    """Yields what is an array; notes the faults of the others."""
    for number, outcome in outcomes:
        if isinstance(outcome, BadValue):
            faults[number] = faults_of(outcome)
        elif outcome is not None:
            yield number, outcome


def _elements(modality, canonical, mask):
    """Yields `(place, canonical array)` of each element; fills the mask."""
    several = modality.element is not modality
    for at, value in canonical:
        if mask is not None:
            mask[at] = modality.mask(value)
        for number, array in enumerate(modality.elements(value)):
            yield ((at, number) if several else (at,)), array


def _begun(modality, given, there, empty):
    """Zeros, with the values so far where these are as they were given."""
    shape = (len(there), *modality.shape)
    values = empty(shape, modality.storage)
    if given is not None:
        values[there] = given[there]
    return values


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

        dataset = stream(
            itertools.chain([first], chunk_stream),
            tf.TensorSpec(shape, dtype),
        )
        for batch in _mapped(modality, dataset):
            yield batch.numpy()
    if failures:
        raise failures[0]


def _mapped(modality, dataset):
    """Stacked values to batches of tensors, in order."""
    together = modality.transform_batch is not None
    transform = modality.transform_batch if together else modality.transform
    if not together:
        dataset = dataset.unbatch()
    dataset = dataset.map(
        lambda x: tf.cast(transform(x), modality.storage),
        num_parallel_calls=tf.data.AUTOTUNE,
        deterministic=True,
    )
    return (dataset if together else dataset.batch(_CHUNK)).prefetch(1)


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
