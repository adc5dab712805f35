"""Bags of words with words left out."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.augment.augmentation import Augmentation, uniform
from mmfusion.data.augment.drop_tokens import last_one
from mmfusion.registry import register


@register("augmentation", "drop_words")
class DropWords(Augmentation):
    """Leaves words out of bags: their columns become zero in that row.

    A bag never becomes empty: where all words would go, one stays.

    Args:
        rate: float in 0..1. How often a word goes. Defaults to 0.1.

    Raises:
        ArgumentError: If `rate` is not in 0..1.

    Example:

    >>> bags = DropWords(rate=1.0)([[0.0, 2.0, 1.0]], (0, 1)).numpy()
    >>> int((bags > 0).sum())
    1
    """

    contents = ("bag",)

    def __init__(self, rate=0.1):
        checks.check_range("DropWords", "rate", rate, 0, 1)
        self.rate = rate

    def alter(self, batch, seed):
        words = tf.not_equal(batch, 0.0)
        drawn = uniform(seed, tf.shape(batch))
        gone = words & (drawn < self.rate)
        gone &= ~last_one(words, drawn, gone)
        return tf.where(gone, 0.0, batch)
