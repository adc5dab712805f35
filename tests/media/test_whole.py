"""Files that declare how long they are."""

import io

import pytest

from mmfusion.media.whole import is_whole


def box(kind, size, body=b"", wide=False):
    """A box of MP4 that says `size` of itself, whatever its body is."""
    if wide:
        return (1).to_bytes(4, "big") + kind + size.to_bytes(8, "big") + body
    return size.to_bytes(4, "big") + kind + body


def whole(data):
    return is_whole(io.BytesIO(data), len(data))


FTYP = box(b"ftyp", 16, b"isom\0\0\0\0")
EBML = b"\x1aE\xdf\xa3\x83abc\x18S\x80g"


@pytest.mark.parametrize(
    "data, expected",
    [
        (FTYP + box(b"mdat", 18, b"0123456789"), True),
        (FTYP + box(b"mdat", 18, b"012345678"), False),
        (FTYP + box(b"mdat", 26, b"0123456789", wide=True), True),
        (FTYP + box(b"mdat", 27, b"0123456789", wide=True), False),
        (FTYP + box(b"mdat", 0, b"0123456789"), True),
        (FTYP + box(b"mdat", 18, b"0123456789") + b"\0\0\1\0<a> junk", True),
        (FTYP[:12], False),
        (EBML + b"\x84abcd", True),
        (EBML + b"\x85abcd", False),
        (EBML + b"\x40\x04abcd", True),
        (EBML + b"\x40\x05abcd", False),
        (EBML + b"\xffabcd", True),
        (EBML + b"\x01" + b"\xff" * 7 + b"abcd", True),
        (b"\x1aE\xdf\xa3", False),
        (b"RIFF\x08\0\0\0AVI abcd", True),
        (b"RIFF\x09\0\0\0AVI abcd", False),
        (b"G" + bytes(200), True),
        (b"", True),
    ],
)
def test_what_is_declared_is_there(data, expected):
    assert whole(data) is expected
