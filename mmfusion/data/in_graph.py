"""Files to tensors within one graph, many at a time: what most files take."""

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

    def read(number):
        data = data_of(number)
        header = modality.readable_header(data) if data else None
        if header is None:
            return None
        about = np.array([number, *(header[name] for name in fields)], "int64")
        return [about.tobytes(), data]

    @tf.autograph.experimental.do_not_convert
    def load(item):
        numbers = tf.io.decode_raw(item[0], tf.int64)
        number, *header = tf.unstack(numbers, 1 + len(fields))
        header = {
            name: value > 0 if isinstance(fields[name], bool) else value
            for name, value in zip(fields, header, strict=True)
        }
        return number, modality.tensor_of(item[1], header)

    items = (item for _, item in in_order(read, numbers, True) if item)
    size = int(np.prod(modality.shape)) * np.dtype(modality.storage).itemsize
    dataset = (
        stream(_chunks(items), tf.TensorSpec((None, 2), tf.string))
        .unbatch()
        .map(load, num_parallel_calls=tf.data.AUTOTUNE, deterministic=False)
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


def _chunks(items):
    """Lists of a few items, so that they travel together."""
    chunk, size = [], 0
    for item in items:
        chunk.append(item)
        size += len(item[1])
        if len(chunk) == _CHUNK or size > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
