"""A folder of files with a table of them, `metadata.csv` or `.jsonl`."""

import functools
import hashlib
import os
import pathlib
import posixpath

from mmfusion import files, registry
from mmfusion.data.modality import BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.splits import NAMES
from mmfusion.data.tables.delimited import read_delimited
from mmfusion.data.tables.folders import (
    check_splits,
    folders,
    inside,
    leaves,
    names_a_few,
    shown,
    split_of,
)
from mmfusion.data.tables.format import Format
from mmfusion.data.tables.joined import gather, joined
from mmfusion.data.tables.json_lines import read_json_lines

# The layout of Hugging Face's ImageFolder and AudioFolder.
_READERS = {
    "metadata.csv": read_delimited,
    "metadata.jsonl": read_json_lines,
}
_FILE = "file_name"


def read_metadata_folder(path, allow_outside_root=False, *, by_row=False):
    """Reads `metadata.csv` or `metadata.jsonl` beside the files it names.

    The column `file_name` has paths relative to the folder of the metadata.
    There is one such table in the folder, or one in each of its folders
    `train`, `validation` (or `val`, `dev`) and `test`; then a column `split`
    is added. Files that no row names are counted in `Table.notes`.

    Args:
        path: str or path.
        allow_outside_root: bool. Whether links may lead out of the folder.
        by_row: bool. As `read_table` takes it.

    Returns:
        `Table`.

    Raises:
        DataError: If the tables cannot be read, or do not fit each other.
    """
    root, problems = pathlib.Path(path), Problems(path)
    parts = _parts(root, problems, allow_outside_root)
    problems.check()
    tables = gather({part: _reader(part, by_row) for part in parts})
    for part, table in tables.items():
        if not table.columns:
            continue  # No line of it can be read, and each says so.
        for what in table.missing_columns([_FILE]).values():
            problems.add(what, column=shown(manifests(part)[0], root))
    problems.check()
    if list(parts) == [root]:
        table = tables[root]
    else:
        by_split = {split_of(part.name): tables[part] for part in parts}
        table = joined(by_split, path, by_row)
    notes = [_spare(part, found) for part, found in tables.items()]
    table.notes += [note for note in notes if note]
    return table


def manifests(folder):
    """The tables of a folder: none, one, or two that are one too many."""
    paths = (folder / name for name in _READERS)
    return [path for path in paths if path.is_file()]


def holds(folder) -> bool:
    """Whether there are metadata in a folder, or in one of its splits."""
    try:
        parts = [part for part in folders(folder) if split_of(part.name)]
    except OSError:
        return False
    return any(manifests(part) for part in [folder, *parts])


def _reader(part, by_row):
    [path] = manifests(part)
    read = _READERS[path.name]
    if by_row and read is read_json_lines:
        return lambda: read(path, by_row=True)
    return lambda: read(path)


def _parts(root, problems, allow_outside_root):
    """The folders with one table each."""
    splits = [part for part in folders(root) if split_of(part.name)]
    splits.sort(key=lambda part: NAMES.index(split_of(part.name)))
    with_tables = [part for part in splits if manifests(part)]
    parts = splits if with_tables else [root]
    if with_tables and manifests(root):
        problems.add(
            f"has {manifests(root)[0].name} and so has "
            f"{shown(with_tables[0], root)}; keep one of them"
        )
    if with_tables:
        check_splits(splits, root, problems)
    for part in parts:
        found = manifests(part)
        where = shown(part, root) if part != root else None
        if not found:
            problems.add(
                "has no metadata.csv or metadata.jsonl, and other splits "
                "have; add it",
                column=where,
            )
        if len(found) > 1:
            names = " and ".join(path.name for path in found)
            problems.add(f"has {names}; keep one of them", column=where)
        for file in (part, *found):
            try:
                leaves(file, root, allow_outside_root)
            except BadValue as error:
                problems.add(str(error), column=shown(file, root))
    return parts


def _spare(part, table):
    """A note on the files of a folder that no row names, or None."""
    named = set()
    for column in table.columns:
        if column.endswith((_FILE, f"{_FILE}s")):
            for cell in table.column(column):
                named.update(cell if isinstance(cell, list) else [cell])
    named = {posixpath.normpath(n) for n in named if isinstance(n, str)}
    named.update(path.name for path in manifests(part))
    spare = []
    for folder, inner, names in os.walk(part):
        inner[:] = sorted(name for name in inner if name[0] != ".")
        visible = sorted(name for name in names if name[0] != ".")
        paths = (pathlib.Path(folder, name) for name in visible)
        spare += [path for path in paths if inside(path, part) not in named]
    if not spare:
        return None
    what = names_a_few(spare, part)
    return f"{table.source}: files that no row names: {what}"


def _digest(path):
    """Of the tables' names, sizes and contents, not of the files they name."""
    root = pathlib.Path(path)
    parts = [root, *(part for part in folders(root) if split_of(part.name))]
    digest = hashlib.sha256()
    for part in parts:
        for file in manifests(part):
            size, content = file.stat().st_size, files.checksum(file)
            line = f"{inside(file, root)}\0{size}\0{content}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


registry.register("table", "metadata_folder")(
    Format(
        read_metadata_folder,
        holds=holds,
        digest=_digest,
        read_by_row=functools.partial(read_metadata_folder, by_row=True),
    )
)
