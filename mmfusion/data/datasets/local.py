"""Data sets that lie in a folder: never a download."""

import csv
import gzip
import io
import pathlib
import zlib

from mmfusion import checks
from mmfusion.errors import ArgumentError, TableError


def check_folder(who, folder, files, source) -> pathlib.Path:
    """The folder of a data set, if it holds what it must.

    Args:
        who: str. The data set.
        folder: str or path, as the user gave it.
        files: names of files and folders that must be in it.
        source: str. Where they come from, for the message.

    Returns:
        `pathlib.Path`.

    Raises:
        ArgumentError: If `folder` is no path.
        DataError: If the folder or something in it is not there: one line
            that says what is expected and where it comes from.
    """
    if not isinstance(folder, (str, pathlib.Path)) or not str(folder).strip():
        raise ArgumentError(
            f"`{who}` expects `folder` to be the path of a folder. "
            f"Received: {folder!r}."
        )
    folder = pathlib.Path(folder).expanduser()
    missing = [name for name in files if not (folder / name).exists()]
    if missing:
        what = f"lacks {', '.join(missing)}"
        if not folder.is_dir():
            what = "is no folder"
        line = (
            f"{folder}: {what}; `{who}` expects {', '.join(files)} in it, from "
            f"{source}. mmfusion downloads nothing by itself"
        )
        raise TableError(line, [line])
    return folder


def read_rows(path, columns) -> list[dict]:
    """The rows of a CSV file, `.gz` or not, as strings by column.

    Args:
        path: path of a file in UTF-8 with commas and a header.
        columns: names of columns that must be there.

    Returns:
        List of dicts of column to str, the columns named only.

    Raises:
        DataError: If the file cannot be read, lacks a column or has a row of
            another length.
    """
    path = pathlib.Path(path)
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        text = data.decode("utf-8-sig")
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        header, *rows = [cells for cells in lines if cells]
    except (OSError, EOFError, ValueError, csv.Error, zlib.error) as error:
        raise _fault(path, f"cannot be read: {error}") from error
    for name in columns:
        if name not in header:
            raise _fault(path, str(checks.unknown("column", name, header)))
    for number, cells in enumerate(rows, start=1):
        if len(cells) != len(header):
            raise _fault(
                path,
                f"record {number} has {len(cells)} cells, the header has "
                f"{len(header)}",
            )
    places = [(name, header.index(name)) for name in columns]
    return [{name: cells[at] for name, at in places} for cells in rows]


def split_rows(rows, names) -> dict:
    """Where the rows of each split are, by the column `split`.

    Args:
        rows: list of dicts.
        names: dict of what the column says to the name of a split.

    Returns:
        Dict of split name to list of indices.

    Raises:
        DataError: If a row says something else.
    """
    found = {name: [] for name in names.values()}
    for at, row in enumerate(rows):
        if row["split"] not in names:
            line = (
                f"record {at + 1}: {row['split']!r} is no split; expected "
                f"{', '.join(names)}"
            )
            raise TableError(line, [line])
        found[names[row["split"]]].append(at)
    return found


def _fault(path, what):
    line = f"{path}: {what}; get the file again"
    return TableError(line, [line])
