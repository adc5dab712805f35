"""Word vectors learned from one's own texts: skip-gram, negative sampling."""

import numpy as np
import tensorflow as tf

from mmfusion import checks
from mmfusion.data.word_vectors import Coverage, WordVectors
from mmfusion.errors import ArgumentError, DataError

# Running words whose pairs are in memory at a time.
_CHUNK = 100_000


def skip_gram(
    texts,
    vocabulary_size,
    words=None,
    dim=64,
    window=5,
    negatives=5,
    epochs=5,
    subsample=1e-3,
    learning_rate=0.1,
    batch_size=1024,
    seed=0,
) -> WordVectors:
    """Learns a vector for each word from the words around it.

    Words that stand in the same surroundings get vectors that point the same
    way. For a pair of a word `c` and a word `o` at most `window` words away,
    and for `negatives` words `n_k` drawn at random, it makes small

        loss = -log s(u_o v_c) - sum_k log s(-u_{n_k} v_c)    # s the sigmoid

    The vectors are the `v`. As in the paper, a running word of the share `f`
    is left out with the probability `1 - sqrt(subsample / f)`, each word has a
    window of its own, drawn from 1 to `window`, and negatives are drawn by
    `count^0.75`; one that is `o` itself does not count. Unlike there, steps
    are batches of pairs, and AdaGrad with one rate for each word takes them.

    Parameters: `2 vocabulary_size dim`; FLOPs of a pair: about
    `6 dim (negatives + 1)`.

    Args:
        texts: iterable of sequences of token ids. 0 (padding) and 1 (unknown)
            are passed over.
        vocabulary_size: int. Number of token ids.
        words: list of str, the words of the ids from 2. Defaults to the
            numbers as str.
        dim: int. Width of the vectors.
        window: int. Words on each side, at most.
        negatives: int. Random words for each pair.
        epochs: int. Passes over the texts.
        subsample: float in `[0, 1]`. Smaller leaves out more of the frequent
            words; 0 leaves out none, as suits a few thousand running words.
        learning_rate: float.
        batch_size: int. Pairs of a step.
        seed: int. The same seed gives the same vectors.

    Returns:
        `WordVectors`; a word that does not occur has the mean of the others.

    Raises:
        DataError: If no text has two words.
        ArgumentError: If an argument does not fit.

    Example:

    >>> vectors = skip_gram([[2, 3, 2, 3], [4, 5]], 6, dim=4, epochs=1)
    >>> vectors.table.shape
    (6, 4)

    Reference:
        - [Mikolov et al., 2013](https://arxiv.org/abs/1310.4546).
    """
    checks.check_positive(
        "skip_gram",
        vocabulary_size=vocabulary_size,
        dim=dim,
        window=window,
        negatives=negatives,
        epochs=epochs,
        batch_size=batch_size,
    )
    checks.check_range("skip_gram", "vocabulary_size", vocabulary_size, 3, 1e7)
    checks.check_range("skip_gram", "subsample", subsample, 0, 1)
    checks.check_range("skip_gram", "learning_rate", learning_rate, 1e-6, 10)
    checks.check_range("skip_gram", "seed", seed, 0, 2**31 - 1)
    tokens, starts = _flat(texts, vocabulary_size)
    counts = np.bincount(tokens, minlength=vocabulary_size)
    source = _pair_source(
        tokens, starts, keep_probability(counts, subsample), window, seed
    )
    table = _train(
        source, counts, dim, negatives, epochs, learning_rate, batch_size, seed
    )
    known = counts > 0
    table[~known] = table[known].mean(axis=0)
    table[0] = 0
    if words is None:
        words = [str(i) for i in range(2, vocabulary_size)]
    found = int(known[2 : len(words) + 2].sum())
    missing = [
        w for w, there in zip(words, known[2:], strict=False) if not there
    ]
    return WordVectors(
        table,
        words,
        known,
        Coverage(
            len(words), found, 0, len(tokens), len(tokens), tuple(missing[:20])
        ),
        "skip-gram",
    )


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


def pair_loss(centers, contexts, noise, valid):
    """The loss of each pair.

    Args:
        centers: float tensor `(batch, dim)`, `v` of the words.
        contexts: float tensor `(batch, dim)`, `u` of the words around them.
        noise: float tensor `(batch, negatives, dim)`, `u` of the negatives.
        valid: bool tensor `(batch, negatives)`. False where the negative is
            the word around itself.

    Returns:
        Float tensor `(batch,)`.
    """
    right = tf.reduce_sum(centers * contexts, axis=-1)
    wrong = tf.einsum("bd,bkd->bk", centers, noise)
    # -log s(x) = softplus(-x), which never overflows.
    wrong = tf.where(valid, tf.nn.softplus(wrong), 0.0)
    return tf.nn.softplus(-right) + tf.reduce_sum(wrong, axis=-1)


def _flat(texts, vocabulary_size):
    """All running words in a row, and where each text begins."""
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


def _pair_source(tokens, starts, keep, window, seed):
    """A function of the epoch to its pairs, in chunks, in random order."""

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
            one, other = pairs(texts, reach, min(window, len(words)))
            mixed = random.permutation(len(one))
            yield words[one[mixed]], words[other[mixed]]

    return chunks


def _batches(chunks, epochs, size):
    """`(batch, 2)` pairs as a data set; the last batch may be smaller."""

    def stream():
        rest = np.zeros((0, 2), "int32")
        for epoch in range(epochs):
            for pair in chunks(epoch):
                rest = np.concatenate([rest, np.stack(pair, 1).astype("int32")])
                whole = len(rest) - len(rest) % size
                yield from rest[:whole].reshape(-1, size, 2)
                rest = rest[whole:]
        if len(rest):
            yield rest

    return tf.data.Dataset.from_generator(
        stream, output_signature=tf.TensorSpec((None, 2), tf.int32)
    ).prefetch(8)


def _train(chunks, counts, dim, negatives, epochs, rate, batch_size, seed):
    random = np.random.default_rng(seed)
    bound = 0.5 / dim
    shape = (len(counts), dim)
    table = tf.Variable(random.uniform(-bound, bound, shape).astype("float32"))
    around = tf.Variable(tf.zeros(shape))
    squares = [tf.Variable(tf.fill([len(counts)], 1e-6)) for _ in range(2)]
    steps = tf.Variable(0)
    borders = tf.constant(np.cumsum(noise_distribution(counts)), tf.float32)

    @tf.function(reduce_retracing=True)
    def step(batch):
        center, context = batch[:, 0], batch[:, 1]
        key = tf.stack([seed, steps.assign_add(1)])
        drawn = tf.random.stateless_uniform(
            (tf.size(center) * negatives,), key, maxval=borders[-1]
        )
        noise = tf.searchsorted(borders, drawn, side="right")
        noise = tf.reshape(noise, (-1, negatives))
        ids = tf.concat([context[:, None], noise], axis=1)
        v, u = tf.gather(table, center), tf.gather(around, ids)
        with tf.GradientTape() as tape:
            tape.watch([v, u])
            loss = pair_loss(v, u[:, 0], u[:, 1:], noise != context[:, None])
        gradient_v, gradient_u = tape.gradient(loss, [v, u])
        _descend(table, squares[0], center, gradient_v, rate)
        _descend(
            around,
            squares[1],
            tf.reshape(ids, [-1]),
            tf.reshape(gradient_u, (-1, dim)),
            rate,
        )

    for batch in _batches(chunks, epochs, batch_size):
        step(batch)
    return table.numpy()


def _descend(table, squares, ids, gradient, rate):
    """AdaGrad on the rows that occur, with one rate for each row."""
    rows, places = tf.unique(ids)
    total = tf.math.unsorted_segment_sum(gradient, places, tf.size(rows))
    square = tf.reduce_mean(tf.square(total), axis=1)
    squares.scatter_add(tf.IndexedSlices(square, rows))
    scale = rate * tf.math.rsqrt(tf.gather(squares, rows))
    table.scatter_sub(tf.IndexedSlices(scale[:, None] * total, rows))
