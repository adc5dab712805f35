"""From the handle of a SavedModel to its folder, if it may run."""

import os
import pathlib
import re
import warnings

from mmfusion.errors import ArgumentError
from mmfusion.trust.checksum import checksum
from mmfusion.trust.context import ACCEPTED, accept, current

_GRAPH = "saved_model.pb"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^/\\\0]+")
_MAX_FOLDERS = 10_000  # Looked at below the trusted ones.


def given(who, handle):
    """The folder of a handle that the user chose.

    While a file is loaded (`trusting`) it must be trusted like any other.

    Args:
        who: str. The caller, for messages.
        handle: str or path: a folder, or the https URL of a module.

    Returns:
        `pathlib.Path`, resolved.

    Raises:
        ArgumentError: If there is no SavedModel, it is a link, or it cannot
            be fetched.
    """
    text = os.fspath(handle)
    trusted = current()
    if "://" in text:
        if trusted is not None and not trusted.fetches(text):
            raise _refused(who, text)
        return _fetch(who, text)
    path = pathlib.Path(text)
    if path.is_symlink():
        raise ArgumentError(
            f"`{who}` expects a folder. Received: `{path}`, a link. Pass the "
            "folder that it leads to."
        )
    path = path.resolve()
    if not (path / _GRAPH).is_file():
        raise ArgumentError(
            f"`{who}` expects the folder of a SavedModel. Received: `{text}`, "
            f"in which there is no `{_GRAPH}`."
        )
    if trusted is not None:
        if not trusted.holds(path) and path not in ACCEPTED.values():
            raise _refused(who, text)
    return path


def find(who, handle, digest):
    """The folder of a SavedModel that a file names.

    A file holds its name and its SHA-256 and no path, so that it can be moved.
    It is looked for in what this process runs already, in the trusted folders
    themselves, under its name in them, anywhere below them, and at its URL,
    where that is trusted.

    Args:
        who: str. The caller, for messages.
        handle: str. The name of its folder, or its https URL.
        digest: str. Its SHA-256, as `checksum` gives it.

    Returns:
        `pathlib.Path`.

    Raises:
        ArgumentError: If it is nowhere, is not trusted, or has changed.
    """
    _check(who, handle, digest)
    if digest in ACCEPTED:
        return ACCEPTED[digest]
    trusted = current()
    if trusted is None or trusted == type(trusted)():
        raise _refused(who, handle, digest)
    changed = None
    for folder in _places(trusted, handle):
        found = checksum(folder)
        if found == digest:
            accept(digest, folder)
            return folder
        if folder.name == handle:
            changed = changed or (folder, found)
    if trusted.fetches(handle):
        folder = _fetch(who, handle)
        found = checksum(folder)
        if found == digest:
            accept(digest, folder)
            return folder
        changed = (folder, found)
    if changed:
        folder, found = changed
        raise ArgumentError(
            f"`{who}` expects `{folder}` to have the SHA-256 {digest[:12]}... "
            f"Received: {found[:12]}... It has changed since the model was "
            "saved: restore it."
        )
    raise ArgumentError(
        f"`{who}` finds no SavedModel {handle!r} with the SHA-256 "
        f"{digest[:12]}... in what is trusted. Name the folder that holds it "
        "in `trusted=`."
    )


def _check(who, handle, digest):
    """The file is no place to name other folders than those trusted."""
    name = isinstance(handle, str) and (
        handle.startswith("https://")
        or (_NAME.fullmatch(handle) and handle not in (".", ".."))
    )
    if not name:
        raise ArgumentError(
            f"`{who}` expects the name of a folder or an https URL. "
            f"Received: {handle!r}."
        )
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise ArgumentError(
            f"`{who}` expects a SHA-256 of 64 hexadecimal digits. "
            f"Received: {digest!r}."
        )


def _places(trusted, handle):
    """Folders of SavedModels below the trusted ones, the likeliest first."""
    likely = [
        path
        for folder in trusted.folders
        for path in (folder, folder / handle)
        if (path / _GRAPH).is_file() and trusted.holds(path)
    ]
    yield from likely
    looked_at = 0
    for root in trusted.folders:
        for folder, names, files in os.walk(root):  # Links are not followed.
            looked_at += 1
            if looked_at > _MAX_FOLDERS:
                return
            names.sort(key=lambda name: (name != handle, name))
            if _GRAPH in files:
                names.clear()  # What lies in a SavedModel belongs to it.
                if pathlib.Path(folder) not in likely:
                    yield pathlib.Path(folder)


def _fetch(who, url):
    if not url.startswith("https://"):
        raise ArgumentError(
            f"`{who}` expects a folder or an https URL. Received: {url!r}."
        )
    with warnings.catch_warnings():
        # It still asks `pkg_resources` for versions, which warns.
        warnings.filterwarnings("ignore", "pkg_resources is deprecated")
        import tensorflow_hub
    try:
        return pathlib.Path(tensorflow_hub.resolve(url)).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ArgumentError(
            f"`{who}` cannot fetch {url!r}: {reason}. Download the module "
            "where there is a network, unpack it, and pass its folder."
        ) from error


def _refused(who, handle, digest=""):
    with_digest = f" with the SHA-256 {digest[:12]}..." if digest else ""
    return ArgumentError(
        f"`{who}` runs a TensorFlow graph of its own, {handle!r}{with_digest}, "
        "which is not trusted. If you trust it, load the file with "
        '`mmfusion.load_model(path, trusted="folder")`, a folder that holds '
        "it."
    )
