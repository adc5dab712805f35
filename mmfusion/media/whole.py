"""Says whether a file is as long as it says, where its format says so.

FFmpeg reads what is left of a file that was cut off, without a word.
"""

_MATROSKA = b"\x1aE\xdf\xa3"
_SEGMENT = b"\x18S\x80g"


def is_whole(file, length):
    """False where a container declares more bytes than there are.

    MP4 and QuickTime, Matroska and WebM, AVI declare it. MPEG streams may end
    anywhere: nothing can be said of them.

    Args:
        file: binary file, seekable.
        length: int. Its bytes.

    Returns:
        bool; True where nothing is declared.

    Example:

    >>> import io
    >>> cut = b"RIFF" + (100).to_bytes(4, "little") + b"AVI "
    >>> is_whole(io.BytesIO(cut), len(cut))
    False
    """
    file.seek(0)
    head = file.read(12)
    if head[:4] == b"RIFF":
        return 8 + int.from_bytes(head[4:8], "little") <= length
    if head[:4] == _MATROSKA:
        return _matroska(file, length)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _boxes(file, length)
    return True


def _boxes(file, length):
    """Boxes of MP4 follow each other to the end of the file."""
    place = 0
    while place < length:
        file.seek(place)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:  # The size in 64 bits follows.
            size = int.from_bytes(head[8:16], "big")
        # To the end, or something that somebody has put behind the boxes.
        if size < 8 or not head[4:8].isalnum():
            return True
        place += size
    return place == length


def _matroska(file, length):
    file.seek(4)
    header = _size(file)
    if header is None:
        return False
    file.seek(header, 1)
    if file.read(4) != _SEGMENT:
        return False
    size = _size(file)
    return size is None or file.tell() + size <= length


def _size(file):
    """A size of EBML; None where it is not known, as in a live stream."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    count = 8 - first[0].bit_length()
    value = first[0] & ((1 << 7 - count) - 1)
    for byte in file.read(count):
        value = value << 8 | byte
    return None if value == (1 << 7 * (count + 1)) - 1 else value
