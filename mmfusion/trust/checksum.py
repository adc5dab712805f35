"""The SHA-256 of a folder: of the names and the contents of its files."""

import hashlib
import pathlib
import stat

from mmfusion.errors import ArgumentError

_CHUNK = 1 << 20


def checksum(folder) -> str:
    """SHA-256 of a folder, in hexadecimal digits.

    It depends on the relative names of its files and on their bytes, on
    nothing else: neither on where the folder lies nor on dates, rights or
    empty folders. For each file, in the order of the names as UTF-8,

        length of the name, name, length of the content, content

    go in, lengths as 8 bytes, so that nothing can move from one to the next.
    Files are read in chunks; it costs one pass over them.

    Args:
        folder: str or path.

    Returns:
        Str of 64 hexadecimal digits.

    Raises:
        ArgumentError: If it holds a link, or anything that is no file.

    Example:

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.txt").write_text("b")
    >>> checksum(folder)[:8]
    '0bab5d9b'
    """
    folder = pathlib.Path(folder)
    digest = hashlib.sha256()
    for name, path in sorted(_files(folder)):
        content = path.stat().st_size
        digest.update(len(name).to_bytes(8, "big") + name)
        digest.update(content.to_bytes(8, "big"))
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def _files(folder):
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise ArgumentError(
                f"A SavedModel expects files and folders. Received: `{path}`, "
                "a link or a device. Copy the files it stands for."
            )
        yield path.relative_to(folder).as_posix().encode("utf-8"), path
