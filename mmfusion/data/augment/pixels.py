"""The colours of pictures changed, each by a number of its own.

All take float32 `(rows, height, width, 3)`, 0..255, and what is drawn for each
row, and give the same shape; what leaves the range is for the caller to clip.
They follow Pillow's `ImageEnhance` and `ImageOps`, without rounding.
"""

import tensorflow as tf

_GREY = (0.299, 0.587, 0.114)


def brightness(images, factor):
    """`factor` 0 is black, 1 the picture itself."""
    return images * _wide(factor)


def contrast(images, factor):
    """`factor` 0 is the mean grey, 1 the picture itself."""
    mean = tf.reduce_mean(_grey(images), axis=(1, 2, 3), keepdims=True)
    return _away_from(mean, images, factor)


def saturation(images, factor):
    """`factor` 0 is grey, 1 the picture itself."""
    return _away_from(_grey(images), images, factor)


def hue(images, turn):
    """Colours moved around the circle; `turn` 1 is once around."""
    hsv = tf.image.rgb_to_hsv(images / 255.0)
    h, s, v = tf.unstack(hsv, axis=-1)
    h = tf.math.floormod(h + turn[:, None, None], 1.0)
    return tf.image.hsv_to_rgb(tf.stack([h, s, v], axis=-1)) * 255.0


def sharpness(images, factor):
    """`factor` 0 is smoothed, 1 the picture itself; the edge stays."""
    boxes = tf.nn.avg_pool2d(images, 3, 1, "VALID") * 9.0
    inside = images[:, 1:-1, 1:-1]
    smooth = (boxes + 4.0 * inside) / 13.0
    around = [[0, 0], [1, 1], [1, 1], [0, 0]]
    change = tf.pad(inside - smooth, around)
    return images + _wide(factor - 1.0) * change


def posterize(images, bits):
    """The upper bits of whole numbers; `bits` float `(rows,)`, 1..8."""
    step = tf.pow(2.0, 8.0 - bits)[:, None, None, None]
    return tf.floor(tf.round(images) / step) * step


def solarize(images, threshold):
    """What is as bright as the threshold, or brighter, is inverted."""
    bright = images >= _wide(threshold)
    return tf.where(bright, 255.0 - images, images)


def auto_contrast(images):
    """Each channel spread over 0..255; a constant one stays."""
    low = tf.reduce_min(images, axis=(1, 2), keepdims=True)
    high = tf.reduce_max(images, axis=(1, 2), keepdims=True)
    spread = (images - low) * tf.math.divide_no_nan(255.0, high - low)
    return tf.where(high > low, spread, images)


def equalize(images):
    """Each channel so that all brightnesses are about equally frequent.

    As Pillow does it, on whole numbers, for each picture and channel alone.
    """
    shape = tf.shape(images)
    rows, pixels = shape[0], shape[1] * shape[2]
    values = tf.cast(tf.round(tf.clip_by_value(images, 0.0, 255.0)), "int32")
    values = tf.reshape(values, (rows, pixels, 3))
    # Each channel of each picture has 256 bins of its own.
    first = 256 * tf.reshape(tf.range(3 * rows), (rows, 1, 3))
    places = values + first
    counts = tf.math.unsorted_segment_sum(
        tf.ones_like(tf.reshape(places, (-1,))),
        tf.reshape(places, (-1,)),
        3 * rows * 256,
    )
    counts = tf.reshape(counts, (-1, 256))
    last = tf.reduce_max(
        tf.where(counts > 0, tf.range(256)[None], -1), axis=1, keepdims=True
    )
    in_last = tf.gather(counts, tf.maximum(last, 0), batch_dims=1)
    step = (pixels - in_last) // 255  # (3 rows, 1)
    below = tf.cumsum(counts, axis=1, exclusive=True)
    table = tf.minimum((step // 2 + below) // tf.maximum(step, 1), 255)
    table = tf.where(step > 0, table, tf.range(256)[None])
    out = tf.gather(tf.reshape(table, (-1,)), places)
    return tf.reshape(tf.cast(out, "float32"), shape)


def _grey(images):
    return tf.reduce_sum(images * tf.constant(_GREY), axis=-1, keepdims=True)


def _away_from(other, images, factor):
    return other + _wide(factor) * (images - other)


def _wide(drawn):
    return drawn[:, None, None, None]
