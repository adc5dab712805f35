"""What is trusted while a file is loaded, as a context variable."""

import contextlib
import contextvars
import dataclasses
import os
import pathlib
import re

from mmfusion.errors import ArgumentError

_CURRENT = contextvars.ContextVar("mmfusion_trusted", default=None)
# By SHA-256, where the SavedModels lie that this process already runs.
ACCEPTED: dict[str, pathlib.Path] = {}
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclasses.dataclass(frozen=True)
class Trusted:
    """What the user trusts.

    Attributes:
        folders: tuple of `pathlib.Path`, resolved. All below them is trusted.
        files: tuple of `pathlib.Path`, resolved: `.keras` files.
        urls: tuple of str; what begins with one of them is trusted.
        digests: tuple of str, SHA-256 of folders.
    """

    folders: tuple = ()
    files: tuple = ()
    urls: tuple = ()
    digests: tuple = ()

    def holds(self, path) -> bool:
        """Whether a path lies in a trusted folder, or is a trusted file."""
        path = pathlib.Path(path).resolve()
        return path in self.files or any(
            path.is_relative_to(folder) for folder in self.folders
        )

    def fetches(self, url) -> bool:
        """Whether a URL is one of those trusted, or lies below it."""
        return any(
            url == known or url.startswith(known.rstrip("/") + "/")
            for known in self.urls
        )


def read(trusted) -> Trusted:
    """`trusted`, as `load_model` takes it, sorted by kind.

    Raises:
        ArgumentError: If a folder or file is not there.
    """
    if isinstance(trusted, (str, os.PathLike)):
        trusted = (trusted,)
    kinds = {"folders": [], "files": [], "urls": [], "digests": []}
    for entry in trusted:
        text, path = os.fspath(entry), pathlib.Path(entry)
        if _DIGEST.fullmatch(text):
            kinds["digests"].append(text)
        elif text.startswith("https://"):
            kinds["urls"].append(text)
        elif path.is_dir():
            kinds["folders"].append(path.resolve())
        elif path.is_file():
            kinds["files"].append(path.resolve())
        else:
            raise ArgumentError(
                "`trusted` expects folders, `.keras` files, https URLs or "
                f"SHA-256 digests. Received: {text!r}, which is not there."
            )
    return Trusted(**{kind: tuple(found) for kind, found in kinds.items()})


@contextlib.contextmanager
def trusting(trusted=()):
    """Within it, no SavedModel is opened but those that are trusted.

    Args:
        trusted: folder, `.keras` file, https URL or SHA-256, or several.

    Yields:
        `Trusted`.
    """
    known = read(trusted)
    token = _CURRENT.set(known)
    try:
        yield known
    finally:
        _CURRENT.reset(token)


def current():
    """`Trusted`, or None where no file is being loaded."""
    return _CURRENT.get()


def accept(digest, folder):
    """Remembers a SavedModel that the user has chosen, by its SHA-256.

    A clone of its layer runs the same graph and needs no trust again.
    """
    ACCEPTED[digest] = pathlib.Path(folder).resolve()
