"""Batches for `fit`: arrays in memory, a seeded order, one epoch a pass."""

import itertools
import zlib

import numpy as np
import tensorflow as tf

from mmfusion.data import groups as grouping
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
    changes = _changes(augment or {}, parts, specs)
    drawing = [mark(name) for name in changes]
    if mix is not None:
        drawing.append(mark("(mix)"))  # No name of an input.
    cuts = len(buckets.boundaries) if buckets else 0
    epochs = itertools.count(initial_epoch)
    together = grouping.together(arrays, dtypes, rows, size)
    groups = grouping.Groups(rows, size, together)
    steps = -(-rows // size)
    width = 2 * len(drawing) + cuts

    def plan():
        """Of each group of the next epoch its rows, and what alters them."""
        epoch = next(epochs)
        ordered = np.asarray(order_of(epoch), "int64")
        chosen = groups.rows(ordered)
        if not width:  # TensorFlow cannot unbatch what has no elements.
            return (chosen,)
        altering = np.zeros((steps, width), "int64")
        for step in range(steps):
            for at, number in enumerate(drawing):
                # Of the name: other inputs change nothing in what is drawn.
                state = np.random.SeedSequence([seed, epoch, step, number])
                drawn = state.generate_state(2).view("int32")
                altering[step, 2 * at : 2 * at + 2] = drawn
        if buckets:
            altering[:, 2 * len(drawing) :] = buckets.limits(ordered, size)
        return chosen, groups.of_batches(altering)

    @tf.autograph.experimental.do_not_convert
    def begin(_):
        shapes = [
            (len(groups), together * size),
            (len(groups), together, width),
        ]
        planned = tf.numpy_function(plan, [], [tf.int64] * (1 + (width > 0)))
        return tuple(map(tf.ensure_shape, planned, shapes))

    def take(chosen):
        chosen = chosen[chosen >= 0]
        taken = [part.take(chosen) for part in flat]
        if together == 1:
            return taken
        count = max(1, len(chosen) // size)
        return [x.reshape(count, -1, *x.shape[1:]) for x in taken]

    @tf.autograph.experimental.do_not_convert
    def gather(chosen, altering=None):
        tensors = tf.numpy_function(
            take, [chosen], [array.dtype for array in arrays], stateful=False
        )
        axes = (None,) if together == 1 else (None, None)
        tensors = [
            tf.cast(tf.ensure_shape(x, (*axes, *array.shape[1:])), dtype)
            for x, array, dtype in zip(tensors, arrays, dtypes, strict=True)
        ]
        packed = tf.nest.pack_sequence_as(specs, tensors)
        if altering is None:
            return packed
        if together == 1:
            return packed, altering[0]
        return packed, altering[: tf.shape(tensors[0])[0]]

    @tf.autograph.experimental.do_not_convert
    def alter(packed, altering):
        inputs = packed if isinstance(packed, dict) else packed[0]
        seeds = tf.cast(altering[: 2 * len(drawing)], "int32")
        seeds = tf.reshape(seeds, (len(drawing), 2))
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
            _cut(inputs, altering[2 * len(drawing) :], buckets, changes)
        return packed

    # Not of a generator: see `stream`.
    dataset = tf.data.Dataset.range(1).map(begin).unbatch()
    in_parallel = {"num_parallel_calls": tf.data.AUTOTUNE}
    dataset = dataset.map(gather, deterministic=True, **in_parallel)
    if together > 1:
        dataset = dataset.unbatch()
    if width:
        dataset = dataset.map(alter, deterministic=True, **in_parallel)
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(steps))
    options = tf.data.Options()
    options.deterministic = True
    return dataset.with_options(options).prefetch(tf.data.AUTOTUNE)


def _changes(augment, parts, specs):
    """The functions of `augment` as graphs, by the inputs they change."""
    given = parts[0] if isinstance(parts, tuple) else parts
    names = specs[0] if isinstance(specs, tuple) else specs
    changes = {}
    for name, change in sorted(augment.items()):
        shape = (None, *given[name].array.shape[1:])
        x = tf.TensorSpec(shape, names[name])
        mask = given.get(f"{name}_mask")
        if mask is not None:
            mask = tf.TensorSpec((None, *mask.array.shape[1:]), "bool")
        changes[name] = _change(name, change, x, mask)
    return changes


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
