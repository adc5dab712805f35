"""The features of a TensorFlow data set, and each of them as a cell."""

import io

import numpy as np
import soundfile

from mmfusion.data.modality import BadValue
from mmfusion.data.tables.plain import plain


def flat(features, path=()):
    """The features by path, `a/b` for `b` in `a`: a dict of tuple to it."""
    import tensorflow_datasets as tfds

    found = {}
    for name, feature in features.items():
        if isinstance(feature, tfds.features.FeaturesDict):
            found |= flat(feature, (*path, name))
        else:
            found[*path, name] = feature
    return found


def is_image(feature) -> bool:
    """Whether a feature is an encoded image of 8 bits."""
    import tensorflow_datasets as tfds

    image = isinstance(feature, tfds.features.Image)
    return image and feature.np_dtype == np.uint8


def is_sound(feature) -> bool:
    """Whether a feature is a waveform."""
    import tensorflow_datasets as tfds

    return isinstance(feature, tfds.features.Audio)


def is_single(feature) -> bool:
    """Whether a feature is one number, text, class, image or sound."""
    import tensorflow_datasets as tfds

    kinds = (tfds.features.Text, tfds.features.Audio)
    if isinstance(feature, kinds) or is_image(feature):
        return True
    return isinstance(feature, tfds.features.Tensor) and feature.shape == ()


def has_rate(feature) -> bool:
    """Whether a sound says its sample rate; what is prepared says 0 for no."""
    return bool(feature.sample_rate)


def reader(feature):
    """A function of what TensorFlow gives for a feature that makes a cell.

    A class is its name (empty where it is not known, -1), a text is str, a
    sound whose rate is known is a WAV file, an image the file that it is.

    Returns:
        The function, which raises `BadValue`; None where the feature can be
        no cell.
    """
    import tensorflow_datasets as tfds

    if isinstance(feature, tfds.features.ClassLabel):
        return lambda value: _class_name(feature, value)
    if isinstance(feature, tfds.features.Audio):
        return lambda value: _sound(feature, value)
    if is_image(feature):
        return lambda value: value
    if isinstance(feature, tfds.features.Sequence):
        inner = feature.feature
        one = reader(inner) if is_single(inner) else None
        return one and (lambda values: [one(value) for value in values])
    if isinstance(feature, tfds.features.Tensor):
        return _value
    return None


def _class_name(feature, value):
    return "" if value < 0 else feature.int2str(int(value))


def _value(value):
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise BadValue("is no text in UTF-8", "leave it out") from error
    return plain(value)


def _sound(feature, samples):
    """A WAV file, which says its rate; samples where that is not known."""
    if samples.dtype.kind == "i":
        # The stored type is wide; samples of 16 bits are what is in it.
        limits = np.iinfo("int16")
        if samples.size and not (
            limits.min <= samples.min() and samples.max() <= limits.max
        ):
            raise BadValue("has samples of more than 16 bits", "convert them")
        samples = samples.astype("int16")
    if not has_rate(feature):
        return samples
    kind = "PCM_16" if samples.dtype == np.int16 else "FLOAT"
    file = io.BytesIO()
    rate = int(feature.sample_rate)
    soundfile.write(file, samples, rate, format="WAV", subtype=kind)
    return file.getvalue()
