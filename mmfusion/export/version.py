"""The numbered folders in which a server looks for versions of a model."""

import contextlib

from mmfusion import checks
from mmfusion.errors import ArgumentError


def next_version(path):
    """One more than the highest numbered folder in `path`, beginning at 1.

    Example:

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> next_version(folder)
    1
    >>> (folder / "7").mkdir()
    >>> next_version(folder)
    8
    """
    if not path.is_dir():
        return 1
    names = [entry.name for entry in path.iterdir()]
    return 1 + max((int(n) for n in names if _is_number(n)), default=0)


def version_folder(path, version=None):
    """The folder of a version under `path`, which must not exist yet.

    Args:
        path: `pathlib.Path` of the folder that holds the versions.
        version: int, or None for the next one.

    Raises:
        ArgumentError: If that version exists; a server may be reading it.
    """
    if path.exists() and not path.is_dir():
        raise ArgumentError(
            f"`saved_model` expects `path` to be a folder. Received: `{path}`, "
            "a file."
        )
    if version is None:
        version = next_version(path)
    checks.check_positive("saved_model", version=version)
    folder = path / str(int(version))
    if folder.exists():
        raise ArgumentError(
            f"Version {version} exists already in `{path}`. "
            f"The next one is {next_version(path)}."
        )
    return folder


@contextlib.contextmanager
def removed_if_empty(path):
    """After an error, removes `path` if it is new and nothing is in it."""
    was_there = path.exists()
    try:
        yield
    except BaseException:
        if not was_there and path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        raise


def _is_number(name):
    return name.isascii() and name.isdigit()
