"""Reads the header of a PNG file, without decoding it."""

from mmfusion.data import exif

_IHDR = 0x49484452
_IEND = 0x49454E44
_EXIF = 0x65584966  # "eXIf"
# A file of more, and of nothing else, would take a minute.
MOST_CHUNKS = 20_000


def header(data):
    """Size, orientation and whether the graph decodes this PNG.

    Args:
        data: `GraphBytes` or `HostBytes`.

    Returns:
        Dict of `height`, `width` (0 where there is no header), `orientation`
        (1 to 8), numbers, and `covered`, a bool.
    """
    number, where = data.number, data.where

    def more(at, block):
        return at + 12 <= data.size

    def step(at, block):
        length, kind = number(at, 4), number(at + 4, 4)
        is_exif = (kind == _EXIF) & (block < 0)
        following = where(kind == _IEND, data.size, at + 12 + length)
        return following, where(is_exif, at + 8, block)

    # The orientation may stand behind the pixels, so all chunks are walked.
    at, block = data.walk(more, step, (8, -1), MOST_CHUNKS)
    found = number(12, 4) == _IHDR
    return {
        "height": where(found, number(20, 4), 0),
        "width": where(found, number(16, 4), 0),
        "orientation": exif.orientation(data, block),
        "covered": found
        & (number(24, 1) == 8)
        & (at + 12 > data.size),  # Else not all was seen.
    }
