"""Texts with neighbours that changed places."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import uniform, whole
from mmfusion.data.augment.token_augmentation import TokenAugmentation
from mmfusion.registry import register


@register("augmentation", "swap_tokens")
class SwapTokens(TokenAugmentation):
    """Swaps neighbouring words in texts of token ids.

    Words are taken by pairs, from the first or from the second word on; each
    pair is swapped or not. Padding never moves in, nor do ids that begin and
    end a text move.

    Args:
        rate: float in 0..1. How often a pair is swapped. Defaults to 0.1.

    Raises:
        ArgumentError: If `rate` is not in 0..1.

    Example:

    >>> SwapTokens(rate=1.0)([[5, 6, 7, 8, 0]], (0, 1)).numpy()
    array([[5, 7, 6, 8, 0]], dtype=int32)

    Reference:
        - [Wei and Zou, 2019](https://arxiv.org/abs/1901.11196), random swap,
          which swaps any two words.
    """

    def __init__(self, rate=0.1):
        checks.check_range("SwapTokens", "rate", rate, 0, 1)
        self.rate = rate

    def change(self, ids, words, seed):
        shape = tf.shape(ids)
        seeds = tf.random.split(seed, 2)
        start = whole(seeds[0], (shape[0], 1), 0, 1)
        places = tf.range(shape[1])[None]
        first = tf.equal((places - start) % 2, 0)
        swapped = first & (uniform(seeds[1], shape) < self.rate)
        swapped &= words & _next(words)
        second = tf.pad(swapped, [[0, 0], [1, 0]])[:, :-1]
        places += tf.cast(swapped, "int32") - tf.cast(second, "int32")
        return tf.gather(ids, places, batch_dims=1)


def _next(words):
    """Whether a word follows."""
    return tf.pad(words, [[0, 0], [0, 1]])[:, 1:]
