"""Word vectors learned from one's own texts: skip-gram, negative sampling."""

import numpy as np
import tensorflow as tf

from mmfusion import checks
from mmfusion.data.coverage import coverage_of
from mmfusion.data.word_pairs import (
    keep_probability,
    noise_distribution,
    pair_batches,
    pair_source,
    running_words,
)
from mmfusion.data.word_vectors import WordVectors
from mmfusion.errors import ArgumentError, DataError


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
        DataError: If no text has two words, or `subsample` leaves no pair.
        ArgumentError: If an argument does not fit.

    Example:

    >>> vectors = skip_gram([[2, 3, 2], [4, 5]], 6, dim=4, subsample=0)
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
    checks.check_seed("skip_gram", seed)
    ids = range(2, vocabulary_size)
    words = [str(i) for i in ids] if words is None else list(words)
    if len(words) > len(ids):
        raise ArgumentError(
            f"`skip_gram` expects at most {len(ids)} words beside the ids 0 "
            f"and 1. Received: {len(words)}."
        )
    tokens, starts = running_words(texts, vocabulary_size)
    counts = np.bincount(tokens, minlength=vocabulary_size)
    source = pair_source(
        tokens, starts, keep_probability(counts, subsample), window, seed
    )
    table = _train(
        source, counts, dim, negatives, epochs, learning_rate, batch_size, seed
    )
    known = counts > 0
    table[~known] = table[known].mean(axis=0)
    table[0] = 0
    often = counts[2 : len(words) + 2].tolist()
    coverage = coverage_of(words, known, counts=often)
    return WordVectors(table, words, known, coverage, "skip-gram")


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

    for batch in pair_batches(chunks, epochs, batch_size):
        step(batch)
    if not steps.numpy():
        raise DataError(
            "`skip_gram` has no pair of words left to learn from: `subsample` "
            "leaves too many out. Set it to 0."
        )
    return table.numpy()


def _descend(table, squares, ids, gradient, rate):
    """AdaGrad on the rows that occur, with one rate for each row."""
    rows, places = tf.unique(ids)
    total = tf.math.unsorted_segment_sum(gradient, places, tf.size(rows))
    square = tf.reduce_mean(tf.square(total), axis=1)
    squares.scatter_add(tf.IndexedSlices(square, rows))
    scale = rate * tf.math.rsqrt(tf.gather(squares, rows))
    table.scatter_sub(tf.IndexedSlices(scale[:, None] * total, rows))
