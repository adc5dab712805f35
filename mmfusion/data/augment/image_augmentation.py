"""What augmentations of pictures share: one draw a row, also of a clip."""

import tensorflow as tf

from mmfusion.data.augment.augmentation import Augmentation


class ImageAugmentation(Augmentation):
    """Alters pictures, and all frames of a clip alike.

    A subclass writes `draw(rows, size, seed)`, a dict of what is drawn for
    each row, tensors `(rows, ...)`, and `apply(images, drawn)`, which takes
    float32 `(rows, height, width, 3)`, 0..255. What leaves that range is
    clipped.
    """

    contents = ("image", "clip")
    several = True

    def alter(self, batch, seed):
        shape = tf.shape(batch)
        drawn = self.draw(shape[0], (shape[-3], shape[-2]), seed)
        images = batch
        if len(batch.shape) == 5:  # (rows, frames, height, width, 3)
            # A draw for each frame would make the clip flicker.
            drawn = {
                key: tf.repeat(value, shape[1], axis=0)
                for key, value in drawn.items()
            }
            images = tf.reshape(batch, tf.concat([[-1], shape[2:]], 0))
        images = tf.clip_by_value(self.apply(images, drawn), 0.0, 255.0)
        return tf.ensure_shape(tf.reshape(images, shape), batch.shape)

    def draw(self, rows, size, seed):
        """What is drawn for each row, by name."""
        raise NotImplementedError

    def apply(self, images, drawn):
        """The altered pictures."""
        raise NotImplementedError
