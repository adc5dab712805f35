"""What augmentations of token ids share."""

import copy

import tensorflow as tf

from mmfusion.data.augment.augmentation import Augmentation


class TokenAugmentation(Augmentation):
    """Alters texts of ids; padding and special ids stay where they are.

    A subclass writes `change(ids, words, seed)`, of int32 `(rows, length)` and
    bool `(rows, length)`, True where an id is a word and may be altered. The
    modality says which ids are special; by itself 0 is padding, 1 unknown.
    """

    contents = ("ids",)
    several = True
    unknown = 1
    special = ()

    def of(self, modality):
        known = copy.copy(self)
        modality = modality.element  # One of several texts.
        known.unknown = getattr(modality, "unknown_id", self.unknown)
        known.special = getattr(modality, "special_ids", self.special)
        return known

    def alter(self, batch, seed):
        shape = tf.shape(batch)
        ids = tf.reshape(batch, (-1, shape[-1]))  # Several texts a row, too.
        words = tf.not_equal(ids, 0)
        for special in self.special:
            words &= tf.not_equal(ids, special)
        changed = tf.reshape(self.change(ids, words, seed), shape)
        return tf.ensure_shape(changed, batch.shape)

    def change(self, ids, words, seed):
        """The altered ids."""
        raise NotImplementedError
