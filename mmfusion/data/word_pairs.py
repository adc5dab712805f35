"""Running words to pairs of a word and one near it, as skip-gram takes them."""

import numpy as np
import tensorflow as tf

from mmfusion.data.stream import stream
from mmfusion.errors import ArgumentError, DataError

# Running words whose pairs are in memory at a time.
_CHUNK = 100_000


def keep_probability(counts, subsample):
    """How likely a running word stays: `min(1, sqrt(subsample / share))`.

    Args:
        counts: int array `(vocabulary_size,)`.
        subsample: float; 0 keeps all.

    Returns:
        Float array `(vocabulary_size,)`; one for words that do not occur.
    """
    share = counts / max(counts.sum(), 1)
    if not subsample:
        return np.ones(len(counts))
    return np.minimum(1.0, np.sqrt(subsample / np.maximum(share, 1e-30)))


def noise_distribution(counts):
    """How likely a word is drawn as a negative: `count^0.75`, normalised.

    Args:
        counts: int array `(vocabulary_size,)`.

    Returns:
        Float array `(vocabulary_size,)` that sums to one.
    """
    weights = np.asarray(counts, "float64") ** 0.75
    return weights / weights.sum()


def pairs(texts, reach, window):
    """All pairs of a word and a word in its window.

    Args:
        texts: int array `(n,)`. Which text each running word is of.
        reach: int array `(n,)`. The window of each, from 1 to `window`.
        window: int.

    Returns:
        Two int arrays, the places of the words and of those around them.
    """
    centers, contexts = [], []
    for gap in range(1, window + 1):
        left = np.flatnonzero(texts[:-gap] == texts[gap:])
        right = left + gap
        for one, other in ((left, right), (right, left)):
            near = reach[one] >= gap
            centers.append(one[near])
            contexts.append(other[near])
    return np.concatenate(centers), np.concatenate(contexts)


def running_words(texts, vocabulary_size):
    """All known words in a row, and where each text begins.

    Args:
        texts: iterable of sequences of token ids; those below 2 are left out.
        vocabulary_size: int. Number of token ids.

    Returns:
        int64 `(words,)`, and int64 `(texts + 1,)`: text `i` is from
        `starts[i]` to `starts[i + 1]`. Texts of one word are left out.

    Raises:
        DataError: If no text has two words.
        ArgumentError: If `texts` are no ids, or one is too large.
    """
    rows = []
    for text in texts:
        row = np.asarray(text)
        if row.size and row.dtype.kind not in "iu":
            raise ArgumentError(
                "`skip_gram` expects sequences of token ids. Received: "
                f"{text!r:.60}. `Text.skip_gram` takes strings."
            )
        rows.append(row[row > 1].astype("int64"))
    lengths = np.array([len(row) for row in rows if len(row) > 1], "int64")
    if not len(lengths):
        raise DataError(
            "`skip_gram` finds no text with two known words to learn from. "
            "Give it more texts, or a larger vocabulary."
        )
    tokens = np.concatenate([row for row in rows if len(row) > 1])
    if tokens.max() >= vocabulary_size:
        raise ArgumentError(
            f"`skip_gram` expects ids below {vocabulary_size}. Received: "
            f"{tokens.max()}."
        )
    return tokens, np.concatenate([[0], np.cumsum(lengths)])


def pair_source(tokens, starts, keep, window, seed):
    """The pairs of an epoch, drawn anew for each.

    Args:
        tokens, starts: as `running_words` gives them.
        keep: float array `(vocabulary_size,)`. How likely a word stays.
        window: int.
        seed: int.

    Returns:
        Function of the epoch to an iterator of `(words, words around them)`,
        int arrays in random order, a number of whole texts at a time.
    """

    def chunks(epoch):
        random = np.random.default_rng([seed, epoch])
        order = random.permutation(len(starts) - 1)
        # Whole texts, as many as make a chunk.
        sizes = (starts[1:] - starts[:-1])[order]
        cuts = np.flatnonzero(np.diff(np.cumsum(sizes) // _CHUNK)) + 1
        for part in np.split(order, cuts):
            size = starts[part + 1] - starts[part]
            texts = np.repeat(np.arange(len(part)), size)
            first = np.cumsum(size) - size
            places = np.arange(size.sum()) + (starts[part] - first)[texts]
            words = tokens[places]
            stays = random.random(len(words)) < keep[words]
            words, texts = words[stays], texts[stays]
            reach = random.integers(1, window + 1, len(words))
            one, other = pairs(texts, reach, window)
            mixed = random.permutation(len(one))
            yield words[one[mixed]], words[other[mixed]]

    return chunks


def pair_batches(chunks, epochs, size):
    """Pairs as a data set.

    Args:
        chunks: what `pair_source` gave.
        epochs: int.
        size: int. Pairs of a batch; the last may be smaller.

    Returns:
        `tf.data.Dataset` of int32 `(batch, 2)`.
    """

    def drawn():
        rest = np.zeros((0, 2), "int32")
        for epoch in range(epochs):
            for pair in chunks(epoch):
                rest = np.concatenate([rest, np.stack(pair, 1).astype("int32")])
                whole = len(rest) - len(rest) % size
                yield from rest[:whole].reshape(-1, size, 2)
                rest = rest[whole:]
        if len(rest):
            yield rest

    return stream(drawn(), tf.TensorSpec((None, 2), tf.int32)).prefetch(8)
