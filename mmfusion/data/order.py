"""The order of the rows in one epoch, as pure functions of seed and epoch."""

import numpy as np

# Apart from the other draws of an epoch.
_DEALT = 1


def permutation(seed, epoch, rows):
    """The order of the rows in one epoch, `(rows,)` int64."""
    return np.random.default_rng([seed, epoch]).permutation(rows)


def balanced_order(seed, epoch, labels):
    """Rows of one epoch in which each class is equally frequent.

    Rows of a class are drawn without replacement until all were there, then
    again: as many rows an epoch as there are, some of them several times, some
    of a frequent class not at all.

    Args:
        seed, epoch: int.
        labels: int array `(rows,)`.

    Returns:
        `(rows,)` int64, indices.
    """
    random = np.random.default_rng([seed, epoch])
    classes = np.unique(labels)
    counts = np.full(len(classes), len(labels) // len(classes))
    over = len(labels) % len(classes)
    counts[random.choice(len(classes), over, replace=False)] += 1
    chosen = []
    for label, count in zip(classes, counts, strict=True):
        rows = np.flatnonzero(labels == label)
        turns = -(-count // len(rows))
        drawn = [random.permutation(rows) for _ in range(turns)]
        chosen.append(np.concatenate([rows[:0], *drawn])[:count])
    return random.permutation(np.concatenate(chosen)).astype("int64")


def dealt(order, buckets, size, seed, epoch):
    """An order in which rows of one bucket come together.

    Rows are dealt to their buckets in the order given. Each bucket gives full
    batches, and what is left over begins the first batch of the next one: so
    one batch only may be smaller, the last, as without buckets. The full ones
    come at random, or a model would see short rows before long ones.

    Args:
        order: int64 array `(rows,)`, indices.
        buckets: int array, the bucket of each row by its index; what is left
            over moves up.
        size: int. Rows of a batch.
        seed, epoch: int.

    Returns:
        `(rows,)` int64, the same indices.

    Example:

    >>> buckets = np.array([0, 1, 0, 1, 0, 1])
    >>> dealt(np.arange(6), buckets, 2, seed=0, epoch=0).tolist()
    [4, 1, 3, 5, 0, 2]
    """
    # Stable: within a bucket rows stay in the order given.
    rows = order[np.argsort(buckets[order], kind="stable")]
    full = len(rows) // size
    batches = rows[: full * size].reshape(full, size)
    random = np.random.default_rng([seed, epoch, _DEALT])
    batches = batches[random.permutation(full)]
    return np.concatenate([batches.reshape(-1), rows[full * size :]])
