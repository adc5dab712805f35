"""A folder of class folders as a table: the folder's name is the label."""

import hashlib
import pathlib

from mmfusion import registry
from mmfusion.data.modality import BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.tables import metadata_folder
from mmfusion.data.tables.folders import (
    check_splits,
    entries,
    folders,
    inside,
    is_text,
    leaves,
    names_a_few,
    shown,
    split_of,
)
from mmfusion.data.tables.format import Format
from mmfusion.data.tables.table import SPLIT, Table


def read_class_folder(path, allow_outside_root=False):
    """Reads `cats/a.jpg`, `dogs/b.jpg`; or `train/cats/a.jpg` and so on.

    Columns are `file`, the path relative to the folder, and `label`; where
    the folders are called `train`, `validation` (or `val`, `dev`) and `test`,
    or alike (see `read`), and hold class folders, `split` as well. Rows are
    sorted by path and counted from 1. Hidden files are left out, and counted
    in `Table.notes`.

    Args:
        path: str or path.
        allow_outside_root: bool. Whether links may lead out of the folder.

    Returns:
        `Table`. A file that is a link out of the folder is in its `faults`.

    Raises:
        DataError: If there is anything else than files in class folders.
    """
    root, problems, hidden = pathlib.Path(path), Problems(path), []
    try:
        files, splits = _files(root, problems, hidden, allow_outside_root)
    except OSError as error:
        where = shown(pathlib.Path(error.filename), root)
        problems.add(f"cannot be read: {error.strerror}", column=where)
    problems.check()
    rows, faults = [], {}
    for at, file in enumerate(files):
        cells = (inside(file, root), file.parent.name)
        if splits:
            cells = (*cells, split_of(file.parts[len(root.parts)]))
        try:
            leaves(file, root, allow_outside_root)
        except BadValue as error:
            faults[at], cells = str(error), ("",) * len(cells)
        rows.append(cells)
    notes = []
    if hidden:
        what = names_a_few(hidden, root)
        notes.append(f"{path}: hidden files and folders are left out: {what}")
    columns = ("file", "label", SPLIT) if splits else ("file", "label")
    lines = list(range(1, len(rows) + 1))
    own = SPLIT if splits else None
    return Table(
        path, root, columns, rows, lines, faults, notes, split_column=own
    )


def _files(root, problems, hidden, allow_outside_root):
    """All files in class folders, and whether these are in split folders."""
    parts, splits = [root], has_splits(root)
    if splits:
        parts = _folders_only(root, root, problems, hidden, allow_outside_root)
        check_splits(parts, root, problems)
    classes = [
        folder
        for part in parts
        for folder in _folders_only(
            part, root, problems, hidden, allow_outside_root
        )
    ]
    files = []
    for folder in classes:
        found = entries(folder, hidden)
        if not found:
            problems.add(
                "is an empty folder; add files or remove it",
                column=shown(folder, root),
            )
        for file in found:
            if file.is_dir():
                problems.add(_too_deep(file), column=shown(file, root))
            elif not is_text(file):
                _name_is_no_text(file, root, problems)
        files += found
    return files, splits


def _folders_only(folder, root, problems, hidden, allow_outside_root):
    found = entries(folder, hidden)
    if not found:
        problems.add(
            "is an empty folder; add folders of classes or remove it",
            column=shown(folder, root),
        )
    for path in found:
        try:
            leaves(path, root, allow_outside_root)
        except BadValue as error:
            problems.add(str(error), column=shown(path, root))
        if not is_text(path):
            _name_is_no_text(path, root, problems)
        elif not path.is_dir():
            problems.add(
                "is a file beside folders of classes; move it into the folder "
                "of its class, or out",
                column=shown(path, root),
            )
    return [path for path in found if path.is_dir()]


def _too_deep(folder):
    name = split_of(folder.parent.name)
    hint = (
        f"; if {folder.parent.name!r} is a split, every folder beside it has "
        "to be one (train, validation or test)"
        if name
        else ""
    )
    return f"is a folder in the folder of a class; move its files up{hint}"


def _name_is_no_text(path, root, problems):
    problems.add(
        "has a name that is not UTF-8; rename it", column=shown(path, root)
    )


def has_splits(root) -> bool:
    """Whether folders of splits are in a folder, and those of classes in them.

    `train` and `plane` are classes, and so are `train` and `test` if they
    hold files.
    """
    found = folders(root)
    named = bool(found) and all(split_of(path.name) for path in found)
    return named and any(folders(path) for path in found)


def holds(path) -> bool:
    """Whether there are folders in a folder, and no metadata."""
    try:
        return not metadata_folder.holds(path) and bool(folders(path))
    except OSError:
        return False


def _digest(path):
    """Of the names and sizes of all files, not of what is in them."""
    root, digest = pathlib.Path(path), hashlib.sha256()
    for file in _files(root, Problems(path), [], True)[0]:
        line = f"{inside(file, root)}\0{file.lstat().st_size}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


registry.register("table", "class_folder")(
    Format(read_class_folder, holds=holds, digest=_digest)
)
