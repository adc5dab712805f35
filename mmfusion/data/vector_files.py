"""Files of word vectors: text, Word2Vec binary, and .npy, read as a stream."""

import contextlib
import gzip
import pathlib
import zlib

import numpy as np

from mmfusion.errors import DataError

FORMATS = ("text", "binary", "npy")
_LONGEST_LINE = 1_000_000
_LONGEST_WORD = 10_000
_CHUNK = 1 << 20


def entries(path, wanted, format=None, words_path=None):
    """Yields the vectors of the words that are wanted, as the file has them.

    Memory holds one vector at a time. A fault in the number or the words of a
    line is found wherever it is, one in the numbers of a line only where its
    word is wanted.

    Args:
        path: str or path. Text is a word and its numbers a line, with blanks
            between, with or without a first line `count dim`; binary is what
            Word2Vec writes; `.npy` has a row for each line of `words_path`.
            Text and binary may end in `.gz`.
        wanted: function of a word to bool.
        format: `"text"`, `"binary"` or `"npy"`. Defaults to what the suffix
            says: `.npy`, `.bin`, anything else is text.
        words_path: str or path of the words of an `.npy` file, one a line;
            what follows a blank is passed over. Defaults to `path` with the
            suffix `.txt`.

    Yields:
        `(place, word, vector)`: what an error calls the place, str, float32
        `(dim,)`.

    Raises:
        DataError: `file:line: what; how to fix`.
    """
    path = pathlib.Path(path)
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    format = format or {".npy": "npy", ".bin": "binary"}.get(
        plain.suffix, "text"
    )
    try:
        if format == "npy":
            words_path = words_path or path.with_suffix(".txt")
            found = _npy(path, pathlib.Path(words_path), wanted)
        else:
            found = {"text": _text, "binary": _binary}[format](path, wanted)
        for place, word, vector in found:
            if not np.isfinite(vector).all():
                raise _fault(
                    place,
                    f"the vector of {word!r} is not finite",
                    "remove it or write numbers",
                )
            yield place, word, vector
    except (OSError, EOFError, zlib.error) as error:
        place = getattr(error, "filename", None) or path
        what = getattr(error, "strerror", None) or str(error) or "cut off"
        raise _fault(place, f"cannot be read: {what}", "restore it") from error


def _text(path, wanted):
    with _opened(path) as file:
        declared, dim, number, blank = None, None, 0, None
        while line := file.readline(_LONGEST_LINE):
            number += 1
            place = f"{path}:{number}"
            if len(line) == _LONGEST_LINE:
                raise _fault(place, "is too long for a line", _OTHER)
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            fields = line.split()
            if number == 1 and len(fields) == 2 and _whole(fields):
                declared, dim = map(int, fields)
                continue
            if not fields:  # At the end it is no fault.
                blank = blank or place
                continue
            if blank:
                raise _fault(blank, "is empty", "remove the line")
            dim = dim or _trailing(fields)
            # A word may hold blanks, and then more fields that are no numbers;
            # it may be a blank itself. Neither is a word of a vocabulary.
            extra = len(fields) - 1 - dim
            if extra == -1 and dim > 1 and line[:1].isspace():
                continue
            if extra < 0 or not dim or any(map(_number, fields[1 : 1 + extra])):
                raise _fault(
                    place,
                    f"has {len(fields) - 1} numbers behind the word, where "
                    f"{dim or 'some'} belong",
                    _OTHER,
                )
            word = _decoded(place, b" ".join(fields[: 1 + extra]))
            if wanted(word):
                yield place, word, _numbers(place, fields[1 + extra :])
    lines = number - (declared is not None)
    if blank:
        lines = int(blank.rpartition(":")[2]) - 1 - (declared is not None)
    if not lines:
        raise _fault(path, "holds no vector", _OTHER)
    if declared not in (None, lines):
        raise _fault(
            path,
            f"holds {lines} vectors, where its first line says {declared}",
            "it may be cut off: fetch it again",
        )


def _binary(path, wanted):
    with _opened(path) as file:
        header = file.readline(_LONGEST_WORD).split()
        if len(header) != 2 or not _whole(header) or not int(header[1]):
            raise _fault(f"{path}:1", "is no line `count dim`", _OTHER)
        count, dim = map(int, header)
        buffer, start, size = b"", 0, 4 * dim
        for number in range(1, count + 1):
            place = f"{path}: word {number} of {count}"
            while True:
                blank = buffer.find(b" ", start)
                if 0 <= blank <= len(buffer) - 1 - size:
                    break
                if blank < 0 and len(buffer) - start > _LONGEST_WORD:
                    raise _fault(place, "has no end", _OTHER)
                more = file.read(max(_CHUNK, size))
                if not more:
                    raise _fault(
                        place, "is cut off, the file ends", "fetch it again"
                    )
                buffer, start = buffer[start:] + more, 0
            # Word2Vec ends each vector with a line break, others do not.
            word = _decoded(place, buffer[start:blank].lstrip(b"\n"))
            start = blank + 1 + size
            if wanted(word):
                vector = np.frombuffer(buffer, "<f4", dim, blank + 1)
                yield place, word, vector.astype("float32")
        if (buffer[start:] + file.read(2)).strip(b"\n"):
            raise _fault(
                path,
                f"holds more than the {count} vectors of its first line",
                "correct that line",
            )


def _npy(path, words_path, wanted):
    try:
        table = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:  # Cut off, or objects, which may run code.
        raise _fault(path, f"cannot be read: {error}", _OTHER) from error
    if getattr(table, "ndim", 0) != 2 or table.dtype.kind != "f":
        shape = getattr(table, "shape", None)
        raise _fault(
            path,
            f"holds {getattr(table, 'dtype', 'no array')} of shape {shape}",
            "save one array of floats, a row for each word",
        )
    number = 0
    with _opened(words_path) as file:
        while line := file.readline(_LONGEST_LINE):
            number += 1
            place = f"{words_path}:{number}"
            fields = line.split(maxsplit=1)
            if not fields:
                raise _fault(place, "is empty", "write the word of that row")
            word = _decoded(place, fields[0])
            if number <= len(table) and wanted(word):
                with np.errstate(over="ignore"):  # Reported as not finite.
                    yield place, word, np.array(table[number - 1], "float32")
    if number != len(table):
        raise _fault(
            words_path,
            f"has {number} words, where {path.name} has {len(table)} rows",
            "write one word a line, in the order of the rows",
        )


_OTHER = "correct it, or give its `format`: text, binary or npy"


@contextlib.contextmanager
def _opened(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        yield file


def _fault(place, what, fix):
    line = f"{place}: {what}; {fix}"
    return DataError(f"{line}.", [line])


def _whole(fields):
    return all(field.isdigit() and len(field) < 16 for field in fields)


def _number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def _trailing(fields):
    """How many fields at the end are numbers; the first one is the word."""
    count = 0
    for field in reversed(fields[1:]):
        if not _number(field):
            break
        count += 1
    return count


def _decoded(place, word):
    try:
        return word.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _fault(
            place, f"the word {word[:40]!r} is not UTF-8", _OTHER
        ) from error


def _numbers(place, fields):
    for field in fields:
        if not _number(field):
            raise _fault(
                place, f"{field[:40]!r} is no number", "correct the line"
            )
    with np.errstate(over="ignore"):  # Reported as not finite.
        return np.array([float(field) for field in fields]).astype("float32")
