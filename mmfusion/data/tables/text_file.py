"""The text of a file, compressed or not, or what is wrong with it."""

import codecs
import gzip
import pathlib
import re
import zlib

from mmfusion.data.sniff import sniff

# What may come out of a compressed file. A few kilobytes can be made to
# unpack to more than any memory.
MAX_BYTES = 2 * 1024**3
_CHUNK = 1024**2

_TEXT = ("text", "unknown data", "HTML", "XML", "JSON")
# In this order: a mark of UTF-32 begins as one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# What stands for a byte that is not UTF-8.
_ESCAPED = re.compile("[\udc80-\udcff]")


def read_text(path, problems):
    """Reads UTF-8, with or without a byte order mark; `.gz` is unpacked.

    One line that is not UTF-8 spoils no other: its bytes that are none stand
    in the text as surrogates, and `not_utf8` finds them. They are for nobody
    to see: what reads the text drops any part that has some.

    Args:
        path: str or path.
        problems: `Problems`, which raises what is found.

    Returns:
        str, and bool, whether there are such bytes in it.

    Raises:
        DataError: If the file cannot be read or unpacked, or is no text in
            UTF-8 as a whole: a picture, a workbook, UTF-16 or UTF-32.
    """
    packed = str(path).lower().endswith(".gz")
    read = _unpack if packed else _read
    try:
        data = read(path, problems)
    except (EOFError, zlib.error):
        problems.add("is a gzip file that is truncated or damaged; replace it")
    except gzip.BadGzipFile:
        problems.add(
            f"is no gzip file, or a damaged one: it holds {sniff_file(path)}; "
            "replace it, or name it without `.gz` if it is not compressed"
        )
    except OSError as error:
        problems.add(f"cannot be read: {error.strerror}; correct the path")
    except ValueError as error:  # A NUL in the path.
        problems.add(f"cannot be read: {error}; correct the path")
    problems.check()
    return _decode(data, problems)


def _read(path, problems):
    return pathlib.Path(path).read_bytes()


def _unpack(path, problems):
    parts, size = [], 0
    with gzip.open(path) as file:
        while part := file.read(_CHUNK):
            size += len(part)
            if size > MAX_BYTES:
                problems.add(too_large(MAX_BYTES))
                break
            parts.append(part)
    return b"".join(parts)


def too_large(most):
    """What to say of a compressed file that unpacks to more than `most`."""
    return (
        f"unpacks to more than {most} bytes; split the table, or unpack it "
        "if you trust it"
    )


def sniff_file(path):
    """What a file holds, by its first bytes."""
    with open(path, "rb") as file:
        return sniff(file.read(512))


def not_utf8(text):
    """What to say of a part of a text with bytes that are not UTF-8, or None.

    Args:
        text: str, of what `read_text` gave.

    Example:

    >>> not_utf8(b"caf\\xe9".decode("utf-8", "surrogateescape"))[:24]
    'is not UTF-8 (byte 0xe9)'
    """
    found = _ESCAPED.search(text)
    return found and _not_utf8(ord(found[0]) & 0xFF, "Windows-1252 or Latin-1")


def _not_utf8(byte, guess):
    return (
        f"is not UTF-8 (byte 0x{byte:02x}); it may be {guess}: save it as UTF-8"
    )


def _decode(data, problems):
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError as error:
        byte = data[error.start]
    wide = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if not wide and (found := sniff(data[:512])) not in _TEXT:
        problems.add(
            f"holds {found}, not text; give it the suffix of what it is, "
            "or save it as text"
        )
    elif not wide and b"\0" in data[:4]:  # No text in bytes begins so.
        wide = "UTF-16 or UTF-32"
    if wide:
        problems.add(_not_utf8(byte, wide), row=1)
    problems.check()
    return data.decode("utf-8", "surrogateescape"), True
