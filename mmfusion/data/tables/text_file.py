"""The text of a file, compressed or not, or what is wrong with it."""

import codecs
import gzip
import pathlib
import zlib

from mmfusion.data.sniff import sniff

# What may come out of a compressed file. A few kilobytes can be made to
# unpack to more than any memory.
MAX_BYTES = 2 * 1024**3
_CHUNK = 1024**2

_TEXT = ("text", "unknown data", "HTML", "XML", "JSON")


def read_text(path, problems):
    """Reads UTF-8, with or without a byte order mark; `.gz` is unpacked.

    Args:
        path: str or path.
        problems: `Problems`, which raises what is found.

    Returns:
        str.

    Raises:
        DataError: If the file cannot be read, unpacked or decoded.
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


def _decode(data, problems):
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Lone carriage returns are lines, too; `\r\n` is one.
        before = data[: error.start].replace(b"\r\n", b"\n")
        line = before.count(b"\n") + before.count(b"\r") + 1
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        if (found := sniff(data[:512])) not in _TEXT and not utf16:
            problems.add(
                f"holds {found}, not text; give it the suffix of what it is, "
                "or save it as text"
            )
            problems.check()
        guess = "UTF-16" if utf16 else "Windows-1252 or Latin-1"
        problems.add(
            f"is not UTF-8 (byte 0x{data[error.start]:02x}); it may be "
            f"{guess}: save it as UTF-8",
            row=1 if utf16 else line,
        )
    return problems.check()
