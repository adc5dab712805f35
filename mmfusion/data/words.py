"""The words of texts, runs of them, and bags of them."""

import itertools

import tensorflow as tf

from mmfusion.data.characters import clean_strings

# What `keras.layers.TextVectorization` strips, too.
_PUNCTUATION = r"""[!"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']"""


def words_apart(texts):
    """Lower case, no punctuation: words with blanks between, any shape."""
    texts = tf.strings.lower(clean_strings(texts), encoding="utf-8")
    return tf.strings.regex_replace(texts, _PUNCTUATION, "")


def words_of(values, batch=1024):
    """The words of each canonical value, as lists of str."""
    there = (value for value in values if value is not None)
    while texts := list(itertools.islice(there, batch)):
        words = tf.strings.split(words_apart(tf.constant(texts)))
        for row in words.to_list():
            yield [word.decode("utf-8") for word in row]


def runs(words, longest):
    """Words, then pairs of neighbours, and so on; as `tf.strings.ngrams`.

    Example:

    >>> runs(["not", "so", "good"], 2)
    ['not', 'so', 'good', 'not so', 'so good']
    """
    return [
        " ".join(words[at : at + size])
        for size in range(1, longest + 1)
        for at in range(len(words) - size + 1)
    ]


def bag(counts, idf, sublinear, normalize):
    """Counts of words to TF-IDF, in which unknown words are nothing.

        v_w = f(count_w) idf_w,  f(n) = n or 1 + log(n);  v or v / |v|_2

    Args:
        counts: tensor of numbers `(vocabulary_size,)`, unknown words first.
        idf: list of float, of the known words; what is left stands for none.
        sublinear: bool. Whether `f` is the logarithm.
        normalize: bool. Whether the outcome has length one, or zero where no
            word is known.

    Returns:
        Float32 tensor `(vocabulary_size,)`.

    Example:

    >>> bag(tf.constant([5.0, 3.0, 4.0]), [1.0, 1.0], False, True).numpy()
    array([0. , 0.6, 0.8], dtype=float32)
    """
    weights = tf.pad(
        tf.constant([0.0, *idf], "float32"),
        [[0, counts.shape[0] - 1 - len(idf)]],
    )
    counts = tf.cast(counts, "float32")
    if sublinear:
        # Where a word is not there the logarithm is that of one.
        there = tf.cast(counts > 0, "float32")
        counts = there * (1 + tf.math.log(tf.maximum(counts, 1.0)))
    counts = counts * weights
    if not normalize:
        return counts
    return tf.math.divide_no_nan(counts, tf.norm(counts))
