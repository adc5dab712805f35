"""Which modality reads a file, by the end of its name or its first bytes."""

import collections
import re

from mmfusion.data.sniff import CONTAINERS, sniff

# What a name ends in, and what `sniff` says of bytes.
_ENDINGS = {
    "image": "jpg jpeg png gif bmp tif tiff webp ppm pgm",
    "audio": "wav flac ogg oga opus mp3 aif aiff au",
    "video": "mp4 mkv webm avi mov mpg mpeg m4v ts",
    "vector": "npy npz",
}
_TYPES = {
    "image": ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM"),
    "audio": ("WAV", "FLAC", "Ogg", "MP3", "AIFF", "RIFF"),
    "video": CONTAINERS,
}
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})(#[^#/\\]*)?$")
# Most cells, where a few may be faults.
MOST = 0.9


def suffix_of(name):
    """What a name ends in, after its last dot, or None.

    Example:

    >>> suffix_of("a/b.JPG"), suffix_of("v.npy#12"), suffix_of("plateau")
    ('jpg', 'npy', None)
    """
    found = _SUFFIX.search(name)
    return found.group(1).lower() if found else None


def kind_of(values):
    """The modality that reads most of some values.

    Args:
        values: list of names, of files in bytes, or of both.

    Returns:
        The type of the modality, how many values it reads, and the endings
        of their names, the most frequent first; or None.

    Example:

    >>> kind_of(["a.jpg", "b.JPG", "c.png"]), kind_of(["plateau"])
    (('image', 3, ['.jpg', '.png']), None)
    """
    types = collections.Counter(
        sniff(value) for value in values if isinstance(value, bytes)
    )
    suffixes = collections.Counter(
        suffix_of(value) for value in values if isinstance(value, str)
    )
    for kind, endings in _ENDINGS.items():
        endings = endings.split()
        count = sum(suffixes[ending] for ending in endings)
        count += sum(types[name] for name in _TYPES.get(kind, ()))
        if count > MOST * len(values):
            named = [f".{e}" for e, _ in suffixes.most_common() if e in endings]
            return kind, count, named
    return None
