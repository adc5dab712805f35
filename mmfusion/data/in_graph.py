"""Files to tensors within one graph, many at a time: what most files take."""

import itertools
import os

import numpy as np
import tensorflow as tf

from mmfusion.data.byte_string import HostBytes
from mmfusion.data.distinct import in_order
from mmfusion.data.file_modality import FileModality
from mmfusion.data.stream import stream

_BATCH = 64
_CHUNK = 16
_CHUNK_BYTES = 4_000_000
_BATCH_BYTES = 16_000_000


def reads_in_graph(modality):
    """Whether `in_graph` does all that the steps of a modality do."""
    own = ("check", "decode", "read")  # A subclass may have changed them.
    return isinstance(modality, FileModality) and all(
        getattr(type(modality), name) is getattr(FileModality, name)
        for name in own
    )


def in_graph(modality, numbers, data_of):
    """Decodes and transforms the files that a graph can.

    What it gives is what `read` and `transform` give. Whatever else a file may
    be (in another format, damaged, gone) is left to them, and so are the files
    that happen to share a batch with one that cannot be decoded.

    Headers are parsed on the host: a loop over their parts takes a graph as
    long as a small picture.

    Args:
        modality: `FileModality` for which `reads_in_graph` is True.
        numbers: sequence of int.
        data_of: function of a number that gives the bytes of a file, or None.
            It is called by several threads.

    Yields:
        Pairs of numbers `(files,)` and the tensors of these files, an array
        `(files, *shape)` in the storage dtype.
    """
    fields = modality.header(HostBytes(b""))
    many = _Many(numbers)

    def read(numbers):
        """What there is of some files: their headers, and their bytes."""
        found = []
        for number in numbers:
            data = data_of(number)
            many.note(data)
            header = modality.readable_header(data) if data else None
            if header is not None:
                about = number, *(header[name] for name in fields)
                found.append([np.array(about, "int64").tobytes(), data])
        return found

    @tf.autograph.experimental.do_not_convert
    def load(item):
        numbers = tf.io.decode_raw(item[0], tf.int64)
        number, *header = tf.unstack(numbers, 1 + len(fields))
        header = {
            name: value > 0 if isinstance(fields[name], bool) else value
            for name, value in zip(fields, header, strict=True)
        }
        return number, modality.tensor_of(item[1], header)

    chunks = (found for _, found in in_order(read, many, True) if found)
    size = int(np.prod(modality.shape)) * np.dtype(modality.storage).itemsize
    dataset = (
        stream(chunks, tf.TensorSpec((None, 2), tf.string))
        .prefetch(2)
        .unbatch()
        .map(
            load,
            num_parallel_calls=max(2, os.cpu_count() or 2),
            deterministic=False,
        )
        .batch(max(1, min(_BATCH, _BATCH_BYTES // size)))
        .prefetch(1)
    )
    batches = iter(dataset)
    while True:
        try:
            numbers, tensors = next(batches)
        except StopIteration:
            return
        except (tf.errors.OpError, UnicodeDecodeError):
            continue  # One of this batch: the next one is not touched.
        yield numbers.numpy(), tensors.numpy()


class _Many:
    """Numbers in lists, so that small files are read and travel together.

    To hand one file over to another thread takes longer than to read it.
    """

    def __init__(self, numbers):
        self._numbers = iter(numbers)
        self._largest = 0

    def note(self, data):
        """A file has these bytes, or None; others may be as large."""
        self._largest = max(self._largest, len(data or b""))

    def __iter__(self):
        while True:
            # The first one comes alone: nothing is known of the sizes.
            most = _CHUNK_BYTES // self._largest if self._largest else 1
            count = max(1, min(_CHUNK, most))
            numbers = list(itertools.islice(self._numbers, count))
            if not numbers:
                return
            yield numbers
