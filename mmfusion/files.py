"""Files and folders that appear whole or not at all."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import tempfile

from mmfusion.errors import ArgumentError


@contextlib.contextmanager
def whole_file(path):
    """Yields a path to write to; `path` changes only if all went well.

    The bytes are written beside `path`, forced to the disk and renamed, so
    that a crash leaves the old file or the new one and never half of either.

    Args:
        path: str or path. Where the file is to appear.

    Yields:
        `pathlib.Path` of a temporary file in the same folder, with the same
        suffix (Keras chooses its format by it).

    Example:

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> with whole_file(folder / "a.txt") as draft:
    ...     _ = draft.write_text("done")
    >>> [p.name for p in folder.iterdir()]
    ['a.txt']
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        prefix=f".tmp-{path.stem}-", suffix=path.suffix, dir=path.parent
    )
    os.close(handle)
    draft = pathlib.Path(name)
    try:
        yield draft
        with open(draft, "rb") as file:
            os.fsync(file.fileno())
        os.chmod(draft, 0o666 & ~_umask())  # `mkstemp` lets nobody else read.
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path):
    """Yields a folder to fill; it is renamed to `path` if all went well.

    Args:
        path: str or path. Where the folder is to appear; nothing may be there.

    Yields:
        `pathlib.Path` of a temporary folder beside `path`.

    Raises:
        ArgumentError: If there is something at `path` already.
    """
    path = pathlib.Path(path)
    if path.exists():
        raise ArgumentError(
            f"`{path}` exists already. Choose another path, or remove it."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = pathlib.Path(
        tempfile.mkdtemp(prefix=f".tmp-{path.name}-", dir=path.parent)
    )
    try:
        yield draft
        os.chmod(draft, 0o777 & ~_umask())
        os.rename(draft, path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_text(path, text: str):
    """Writes a text file, UTF-8, whole or not at all."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8")


def write_json(path, value):
    """Writes plain values as JSON, whole or not at all; NaN is an error."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def read_json(path):
    """Reads a JSON file, or says in one line which file is not one."""
    try:
        return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        # ValueError: also of bytes that are no text, or thousands of digits.
        raise ArgumentError(f"`{path}` is not a JSON file: {error}.") from error
    except OSError as error:
        raise ArgumentError(
            f"`{path}` cannot be read: {error.strerror}."
        ) from error


def checksum(path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
