"""Finds the file that a cell names, and does not leave the data's folder."""

import errno
import os
import pathlib
import re

from mmfusion.data.modality import BadValue

# A `Path` made of a URL has one slash.
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def is_url(text: str) -> bool:
    """Whether a text is a URL and no path; a drive has one letter.

    Example:

    >>> is_url("s3://bucket/a.csv"), is_url("C:/a.csv")
    (True, False)
    """
    return _URL.match(text) is not None


def resolve(cell, root, allow_outside_root=False, base=None):
    """The path that a cell names, relative to the folder of its table.

    Args:
        cell: str. What the table says.
        root: path. The folder that the table is in.
        allow_outside_root: bool. Whether `..`, an absolute path or a link may
            lead out of `root`.
        base: str. The real path of `root`, where that is known.

    Returns:
        `pathlib.Path`; whether there is a file is not looked at.

    Raises:
        BadValue: If the cell is a URL, or its path leaves `root`.

    Example:

    >>> resolve("photos/a.jpg", "data").as_posix()
    'data/photos/a.jpg'
    """
    if is_url(cell):
        raise BadValue(
            f"{cell!r} is a URL",
            "download the file and give its path",
            reason="file not found",
        )
    path = pathlib.Path(root) / cell
    try:
        inside = allow_outside_root or _is_within(path, base or real(root))
    except (OSError, ValueError) as error:  # ValueError: NUL in the path.
        raise BadValue(
            f"{cell!r} is no path: {error}",
            "correct it",
            reason="file not found",
        ) from error
    if not inside:
        raise BadValue(
            f"{cell!r} leads out of the folder of the table",
            "move the file there, or pass `allow_outside_root=True`",
            reason="file not found",
        )
    return path


def real(path) -> str:
    """The absolute path without links, as far as there is something."""
    return os.path.realpath(path)


def _is_within(path, base):
    found = real(path)
    if os.path.islink(found):  # What is left of a link is in a circle.
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return os.path.join(found, "").startswith(os.path.join(base, ""))
