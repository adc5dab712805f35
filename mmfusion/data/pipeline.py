"""Batches for `fit`: arrays in memory, a seeded order, one epoch a pass."""

import itertools
import zlib

import numpy as np
import tensorflow as tf

from mmfusion.errors import ArgumentError


def batches(
    parts,
    specs,
    rows,
    size,
    seed,
    order_of,
    initial_epoch=0,
    augment=None,
    mix=None,
    buckets=None,
):
    """A data set over arrays that are gathered batch by batch.

    Rows are gathered by NumPy from the arrays that are there: a graph could
    not hold more than 2 GB of constants, and nothing is copied but the batch.
    Each pass that is begun is the next epoch.

    Args:
        parts: structure of dicts and tuples of `Part`.
        specs: the same structure of dtype names, of what is handed out.
        rows: int. Rows of the split.
        size: int. Rows of a batch; the last one may be smaller.
        seed: int.
        order_of: function of the epoch that gives its rows, int64.
        initial_epoch: int. The epoch of the first pass.
        augment: dict of input name to a function of `(batch tensor, seed,
            mask or None)`, the seed `(2,)` int32 for TensorFlow's stateless
            functions. What is absent, or in no step that counts, stays.
        mix: function of `(inputs, targets, weights or None, seed)` that gives
            what it was given, changed; after `augment`.
        buckets: `Buckets` that say where each batch is cut, at last, or None.

    Returns:
        `tf.data.Dataset`, of known cardinality.
    """
    flat = tf.nest.flatten(parts, expand_composites=False)
    arrays = [part.array for part in flat]
    dtypes = tf.nest.flatten(specs)
    given = parts[0] if isinstance(parts, tuple) else parts
    names = specs[0] if isinstance(specs, tuple) else specs
    changes = {}
    for name, change in sorted((augment or {}).items()):
        shape = (None, *given[name].array.shape[1:])
        x = tf.TensorSpec(shape, names[name])
        mask = given.get(f"{name}_mask")
        if mask is not None:
            mask = tf.TensorSpec((None, *mask.array.shape[1:]), "bool")
        changes[name] = _change(name, change, x, mask)
    drawing = [mark(name) for name in changes]
    if mix is not None:
        drawing.append(mark("(mix)"))  # No name of an input.
    steps = -(-rows // size)
    epochs = itertools.count(initial_epoch)

    def order():
        """Of each step of the next epoch its rows, seeds, and its lengths."""
        epoch = next(epochs)
        seeds = np.zeros((steps, len(drawing), 2), "int32")
        for step in range(steps):
            for at, number in enumerate(drawing):
                # Of the name: other inputs change nothing in what is drawn.
                state = np.random.SeedSequence([seed, epoch, step, number])
                seeds[step, at] = state.generate_state(2).view("int32")
        ordered = np.asarray(order_of(epoch), "int64")
        chosen = np.full(steps * size, -1)  # The last step may be short.
        chosen[:rows] = ordered
        limits = np.zeros((steps, 0), "int64")
        if buckets:
            limits = buckets.limits(ordered, size)
        return chosen.reshape(steps, size), seeds, limits

    def gather(chosen):
        chosen = chosen[chosen >= 0]
        return [part.take(chosen) for part in flat]

    @tf.autograph.experimental.do_not_convert
    def batch(chosen, seeds, limits):
        tensors = tf.numpy_function(
            gather, [chosen], [array.dtype for array in arrays], stateful=False
        )
        tensors = [
            tf.cast(tf.ensure_shape(x, (None, *array.shape[1:])), dtype)
            for x, array, dtype in zip(tensors, arrays, dtypes, strict=True)
        ]
        packed = tf.nest.pack_sequence_as(specs, tensors)
        inputs = packed if isinstance(packed, dict) else packed[0]
        for at, (name, change) in enumerate(changes.items()):
            x, mask = inputs[name], inputs.get(f"{name}_mask")
            changed = tf.ensure_shape(change(x, seeds[at], mask), x.shape)
            flag = inputs.get(f"{name}_present")
            for there in (flag, mask):
                if there is not None:
                    changed = tf.where(_wide(there, x), changed, x)
            inputs[name] = changed
        if mix is not None:
            weights = packed[2] if len(packed) > 2 else None
            packed = mix(inputs, packed[1], weights, seeds[-1])
        if buckets is not None:
            inputs = packed if isinstance(packed, dict) else packed[0]
            _cut(inputs, limits, buckets, changes)
        return packed

    @tf.autograph.experimental.do_not_convert
    def epoch(_):
        chosen, seeds, limits = tf.numpy_function(
            order, [], [tf.int64, tf.int32, tf.int64]
        )
        chosen = tf.ensure_shape(chosen, (steps, size))
        seeds = tf.ensure_shape(seeds, (steps, len(drawing), 2))
        cuts = len(buckets.boundaries) if buckets else 0
        limits = tf.ensure_shape(limits, (steps, cuts))
        return tf.data.Dataset.from_tensor_slices((chosen, seeds, limits))

    # Not of a generator: see `stream`.
    dataset = tf.data.Dataset.range(1).flat_map(epoch)
    dataset = dataset.map(
        batch, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True
    )
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(steps))
    options = tf.data.Options()
    options.deterministic = True
    return dataset.with_options(options).prefetch(tf.data.AUTOTUNE)


class Part:
    """An array, and where in it each row is (None: row by row)."""

    def __init__(self, array, rows=None):
        self.array = array
        self.rows = rows

    def take(self, rows):
        """The values of some rows, in an array that a tensor can share."""
        rows = rows if self.rows is None else self.rows[rows]
        out = _aligned((len(rows), *self.array.shape[1:]), self.array.dtype)
        return np.take(self.array, rows, axis=0, out=out, mode="clip")

    def part(self, rows):
        """Some of the rows, as a part of the same array."""
        return Part(self.array, rows if self.rows is None else self.rows[rows])


def _aligned(shape, dtype):
    """An array that TensorFlow takes as it is, without a copy."""
    size = int(np.prod(shape)) * dtype.itemsize
    memory = np.empty(size + 64, "uint8")
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)


def mark(text):
    """A number that stands for a text, the same in every process."""
    return zlib.crc32(text.encode()) & 0x7FFFFFFF


def _wide(there, x):
    """Flags or masks with as many axes as a tensor."""
    shape = tf.shape(there)
    ones = [1] * (len(x.shape) - len(there.shape))
    return tf.reshape(there, tf.concat([shape, ones], 0)) if ones else there


def _cut(inputs, limits, buckets, changes):
    """Takes from inputs what is beyond the longest row of the batch."""
    for at, name in enumerate(sorted(buckets.boundaries)):
        limit = limits[at]
        keys = buckets.inputs[name]
        if name in changes and keys == [name]:  # Ids, of which it may be more.
            tf.debugging.assert_equal(
                tf.reduce_any(inputs[name][:, limit:] != 0),
                False,
                f"`augment` made a text of {name!r} longer than `buckets` "
                "holds it to be. Leave out one of both.",
            )
        for key in keys:
            inputs[key] = inputs[key][:, :limit]


def _change(name, change, x, mask):
    """The function as a graph; it is traced once here, to see what it gives."""
    change = tf.function(change)
    y = change.get_concrete_function(x, tf.TensorSpec((2,), "int32"), mask)
    y = y.structured_outputs
    if y.dtype != x.dtype or not y.shape.is_compatible_with(x.shape):
        raise ArgumentError(
            f"`augment` expects the function of {name!r} to keep the shape "
            f"{x.shape} and the dtype {x.dtype.name}. Received: {y.shape}, "
            f"{y.dtype.name}."
        )
    return change
