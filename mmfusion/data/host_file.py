"""Files that a value names: are they there, may they be read."""

import contextlib
import pathlib

from mmfusion.data.modality import BadValue


def check_file(path, max_bytes: int):
    """There is a regular file, of one byte to `max_bytes`, to be read.

    Raises:
        BadValue: If there is no such file, or it must not be read.
    """
    path = pathlib.Path(path)
    with _os_errors(path):
        if path.is_dir():
            raise BadValue(
                f"'{path}' is a directory",
                "give the path of a file",
                reason="file not found",
            )
        if path.exists() and not path.is_file():
            raise BadValue(  # A pipe or a device may never end.
                f"'{path}' is not a regular file",
                "give the path of a file",
                reason="file not found",
            )
        size = path.stat().st_size
    if size > max_bytes:
        raise too_many_bytes(f"'{path}'", size, max_bytes)
    if not size:
        raise BadValue(f"'{path}' holds zero bytes", "replace the file")
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
    check_file(path, max_bytes)
    with _os_errors(path), open(path, "rb") as file:
        return file.read(-1 if first is None else first)


@contextlib.contextmanager
def _os_errors(path):
    """What the system says of a path, as a `BadValue`."""
    try:
        yield
    except BadValue:
        raise
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
