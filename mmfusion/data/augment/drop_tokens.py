"""Texts with words left out."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import uniform
from mmfusion.data.augment.token_augmentation import TokenAugmentation
from mmfusion.registry import register


@register("augmentation", "drop_tokens")
class DropTokens(TokenAugmentation):
    """Leaves words out of texts of token ids.

    A text never becomes empty: where all words would go, one stays. Ids that
    begin and end a text stay, too.

    Args:
        rate: float in 0..1. How often a word goes. Defaults to 0.1.
        replace: bool. Whether an unknown word takes its place; else the rest
            moves up. Defaults to False.

    Raises:
        ArgumentError: If `rate` is not in 0..1 or `replace` no bool.

    Example:

    >>> DropTokens(rate=1.0, replace=True)([[5, 6, 7, 0]], (0, 1)).numpy()
    array([[1, 6, 1, 0]], dtype=int32)

    Reference:
        - [Wei and Zou, 2019](https://arxiv.org/abs/1901.11196), random
          deletion.
    """

    def __init__(self, rate=0.1, replace=False):
        checks.check_range("DropTokens", "rate", rate, 0, 1)
        checks.check_choice("DropTokens", "replace", replace, (True, False))
        self.rate = rate
        self.replace = replace

    def change(self, ids, words, seed):
        drawn = uniform(seed, tf.shape(ids))
        gone = words & (drawn < self.rate)
        gone &= ~last_one(words, drawn, gone)
        if self.replace:
            return tf.where(gone, self.unknown, ids)
        # What stays keeps its order; behind it is padding.
        order = tf.argsort(tf.cast(gone, "int32"), axis=1, stable=True)
        ids = tf.where(gone, 0, ids)
        return tf.gather(ids, order, batch_dims=1)


def last_one(words, drawn, gone):
    """The word that stays where all would go.

    Args:
        words: bool `(rows, length)`, where a word is.
        drawn: float `(rows, length)` in 0..1.
        gone: bool `(rows, length)`, which words would go.

    Returns:
        Bool `(rows, length)`: the one of the largest draw, in rows where there
        are words and all would go; False everywhere else.
    """
    empty = tf.reduce_all(gone == words, axis=1, keepdims=True)
    best = tf.argmax(tf.where(words, drawn, -1.0), axis=1)
    chosen = tf.one_hot(best, tf.shape(words)[1], True, False, dtype=tf.bool)
    return chosen & empty & words
