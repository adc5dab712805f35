"""Says whether a table is the one that it was."""

import hashlib
import pathlib

from mmfusion import files
from mmfusion.data.tables.read import files_of, find_format


def fingerprint(source) -> str:
    """SHA-256 of a table, as a path or a dict of split to path names it.

    Of a file it is that of its bytes; of a folder of class folders that of
    the names and sizes of the files; of a folder with metadata that of the
    metadata. The files that a table names are not looked at.

    Args:
        source: as `read_table` takes it.

    Returns:
        str, hexadecimal digits.

    Raises:
        DataError: If there is no table.

    Example:

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_bytes(b"a,b\\n1,2\\n")
    >>> fingerprint(path)[:8]
    '492d5ea4'
    """
    if isinstance(source, dict):
        parts = sorted(files_of(source).items())
        lines = [f"{split}\0{fingerprint(path)}\n" for split, path in parts]
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    path = pathlib.Path(source)
    if path.is_file():
        return files.checksum(path)
    return find_format(path).digest(path)
