"""The words and runs of words of texts, and the layer that knows them."""

import collections
import math

import keras

from mmfusion.data.words import runs, words_of
from mmfusion.errors import DataError


def learned_vocabulary(values, ngrams, most, weighted) -> dict:
    """The most frequent words of texts, ties in the order of the alphabet.

    Args:
        values: iterable of canonical texts; None is skipped.
        ngrams: int. The longest runs of words.
        most: int. Words and runs that are kept.
        weighted: bool. Whether they have a weight: with `N` texts of which
            `n_w` have the word `w`, `log(1 + N / (1 + n_w))`.

    Returns:
        Dict of `vocabulary`, a list of str; `idf`, the weight of each, or
        None; and `counts`, of each, then of all running words.

    Raises:
        DataError: If there is no word at all.

    Example:

    >>> learned_vocabulary(["b a", "b"], ngrams=1, most=5, weighted=False)
    {'vocabulary': ['b', 'a'], 'idf': None, 'counts': [2, 1, 3]}
    """
    words, rows = collections.Counter(), collections.Counter()
    texts = running = 0
    for found in words_of(values):
        texts += 1
        running += len(found)
        found = runs(found, ngrams)
        words.update(found)
        rows.update(set(found))
    if not words:
        raise DataError(
            "`Text` finds no word in the training split to learn a "
            "vocabulary from. Leave this input out, or check its column."
        )
    kept = sorted(words, key=lambda word: (-words[word], word))[:most]
    idf = None
    if weighted:
        idf = [math.log(1 + texts / (1 + rows[word])) for word in kept]
    counts = [*(words[word] for word in kept), running]
    return {"vocabulary": kept, "idf": idf, "counts": counts}


def vocabulary_layer(vocabulary, kind, size, length, ngrams, idf):
    """The Keras layer that makes ids or a bag of words apart by blanks.

    Args:
        vocabulary: list of str, without special ones.
        kind: `"ids"`, `"multi_hot"`, `"count"` or `"tf_idf"`.
        size: int. All ids, the special ones included.
        length: int. Words that are kept, for `"ids"`.
        ngrams: int. The longest runs of words.
        idf: list of the weight of each word, for `"tf_idf"`.

    Returns:
        A built `keras.layers.TextVectorization`.
    """
    ids = kind == "ids"
    layer = keras.layers.TextVectorization(
        max_tokens=size,
        standardize=None,  # `words_apart`, which knows more than ASCII.
        split="whitespace",
        ngrams=ngrams if ngrams > 1 else None,
        output_mode="int" if ids else kind,
        output_sequence_length=length if ids else None,
        pad_to_max_tokens=not ids,
        vocabulary=vocabulary,
        idf_weights=idf if kind == "tf_idf" else None,
    )
    layer.build((None,))  # An export tracks built layers only.
    return layer
