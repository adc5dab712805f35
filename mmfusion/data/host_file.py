"""Files that a value names: are they there, may they be read."""

import contextlib
import os
import stat

from mmfusion.data.modality import BadValue


def check_file(path, max_bytes: int):
    """There is a regular file, of one byte to `max_bytes`, to be read.

    Raises:
        BadValue: If there is no such file, or it must not be read.
    """
    _check_size(path, max_bytes)
    with _os_errors(path), open(path, "rb"):
        pass  # Whoever reads it later cannot say so well that it may not.


def read_bytes(path, max_bytes: int, first=None) -> bytes:
    """The bytes of a regular file, not more than `max_bytes`.

    Args:
        path: str or path.
        max_bytes: int. Larger files are refused.
        first: int. How many bytes of it to read. Defaults to all.

    Raises:
        BadValue: If there is no such file, or it cannot or must not be read.
    """
    _check_size(path, max_bytes)
    with _os_errors(path), open(path, "rb") as file:
        return file.read(-1 if first is None else first)


def _check_size(path, max_bytes):
    with _os_errors(path):
        status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):  # A pipe or a device may never end.
        is_folder = stat.S_ISDIR(status.st_mode)
        what = "a directory" if is_folder else "not a regular file"
        raise BadValue(
            f"'{path}' is {what}",
            "give the path of a file",
            reason="file not found",
        )
    if status.st_size > max_bytes:
        raise too_many_bytes(f"'{path}'", status.st_size, max_bytes)
    if not status.st_size:
        raise BadValue(f"'{path}' holds zero bytes", "replace the file")


@contextlib.contextmanager
def _os_errors(path):
    """What the system says of a path, as a `BadValue`."""
    try:
        yield
    except FileNotFoundError as error:
        raise BadValue(
            f"'{path}' does not exist",
            "correct the path or add the file",
            reason="file not found",
        ) from error
    except (OSError, ValueError) as error:  # ValueError: NUL in the path.
        why = getattr(error, "strerror", None) or error
        raise BadValue(
            f"{str(path)!r} cannot be read: {why}",
            "correct the path or its permissions",
            reason="file not found",
        ) from error


def at_path(path, error) -> BadValue:
    """What is wrong with the content of a file, with its path before it."""
    return BadValue(f"'{path}' {error}", reason=error.reason)


def too_many_bytes(what, size, max_bytes) -> BadValue:
    """The error for raw bytes above the cap."""
    return BadValue(
        f"{what} has {size} bytes, more than `max_bytes={max_bytes}`",
        "make it smaller, or raise `max_bytes`",
        reason="too large",
    )
