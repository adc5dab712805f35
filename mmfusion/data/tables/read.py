"""Reads a table, in whichever of the known formats it is."""

import os
import pathlib

from mmfusion import checks, registry
from mmfusion.data.paths import is_url, real
from mmfusion.data.problems import Problems
from mmfusion.data.splits import ALIASES, part_of
from mmfusion.data.tables import class_folder
from mmfusion.data.tables.joined import gather, joined
from mmfusion.data.tables.text_file import sniff_file
from mmfusion.data.tables.tfds import table_of_tfds
from mmfusion.errors import ArgumentError

# What to do with files that are tables of another kind.
_HINTS = {
    (".xlsx", ".xls", ".xlsm", ".ods"): "save the sheet as CSV, in UTF-8",
    (".json",): "write one object in each line, and call it .jsonl",
    (".txt", ".dat"): "name it by how its columns are separated",
    (".zip", ".tar", ".tgz", ".tar.gz", ".7z"): "unpack it",
    (".feather", ".arrow", ".orc", ".h5"): "save it as Parquet",
    (".npy", ".npz"): "arrays are read by `mmfusion.data.from_arrays`",
}


def read_table(source, allow_outside_root=False, by_row=False):
    """Reads rows from a file, a folder, or a file or folder for each split.

    The format follows from the name of a file, and from what is in a folder:
    see `docs/data/tables.md`.

    Args:
        source: str or path; or dict of `"train"`, `"validation"` and
            `"test"` to such, of the same columns, which makes a column
            `split`; or dict of `"tfds"` to the name of a data set of
            TensorFlow Datasets, and of arguments of `table_of_tfds`.
        allow_outside_root: bool. Whether links in a folder may lead out of
            it.
        by_row: bool. Whether no row is judged by what other rows hold, as
            in a prediction: a column of JSON Lines has no type then, and
            lines of which none is good are rows, too. Of no concern for a
            source of several files or of TensorFlow Datasets.

    Returns:
        `tables.Table`.

    Raises:
        DataError: If there is no table that can be read; says what there is.
        ArgumentError: If `source` is nothing that names a table.

    Example:

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "pets.tsv"
    >>> _ = path.write_text("photo\\tpet\\na.jpg\\tcat\\n")
    >>> read_table(path).rows
    [('a.jpg', 'cat')]
    """
    if is_tfds(source):
        name, arguments = tfds_arguments(source)
        return table_of_tfds(name, **arguments)
    if isinstance(source, dict):
        tables = gather(
            {
                split: lambda path=path: read_table(path, allow_outside_root)
                for split, path in files_of(source).items()
            }
        )
        return joined(tables)
    found = find_format(source)
    read = (found.read_by_row if by_row else None) or found.read
    return read(pathlib.Path(source), allow_outside_root)


def is_tfds(source):
    """Whether a source is a data set of TensorFlow Datasets."""
    return isinstance(source, dict) and "tfds" in source


def tfds_arguments(source):
    """The name of the data set, and what else `table_of_tfds` takes."""
    arguments = {key: x for key, x in source.items() if key != "tfds"}
    known = [x for x in checks.parameters(table_of_tfds) if x != "name"]
    checks.check_keys("a source of `tfds`", arguments, known)
    if not isinstance(source["tfds"], str):
        raise ArgumentError(
            "`tfds` expects the name of a data set, such as 'mnist'. "
            f"Received: {source['tfds']!r}."
        )
    return source["tfds"], arguments


def check_apart(source, cache):
    """A cache in a folder of class folders would be read as one of them.

    Args:
        source: as `read_table` takes it.
        cache: str or path.
    """
    if is_tfds(source):
        return
    paths = files_of(source) if isinstance(source, dict) else {"": source}
    for path in map(path_of, paths.values()):
        if not path.is_dir() or not class_folder.holds(path):
            continue
        root, inner = pathlib.Path(real(path)), pathlib.Path(real(cache))
        if not inner.is_relative_to(root):
            continue
        # Hidden folders are left out.
        if not any(x.startswith(".") for x in inner.relative_to(root).parts):
            raise ArgumentError(
                f"`cache` expects a folder outside of `{path}`, where every "
                f"folder is one of classes. Received: {str(cache)!r}. Choose "
                "another folder, and remove it there if it exists."
            )


def files_of(source):
    """A dict of split to path, with the splits' own names, checked."""
    who = "a source of several files"
    checks.check_keys(who, [x for x in source if not part_of(x)], ALIASES)
    if not source:
        raise ArgumentError("A source of several files expects some.")
    paths, seen = {}, {}
    for given, path in source.items():
        split = part_of(given)
        if split in paths:
            raise ArgumentError(
                f"A source of several files names the split {split!r} twice. "
                f"Received: {sorted(source)}."
            )
        paths[split] = path = path_of(path)
        place = os.path.realpath(path)
        if place in seen:
            raise ArgumentError(
                f"The files of {seen[place]!r} and {split!r} are one and the "
                f"same. Received: {str(path)!r}."
            )
        seen[place] = split
    return paths


def path_of(source):
    """The path that names a table."""
    if not isinstance(source, (str, os.PathLike)) or not str(source):
        fix = ""
        if hasattr(source, "iloc"):
            fix = " Read it with `read_dataframe`, or save it as Parquet."
        raise ArgumentError(
            "A table expects a path, or a dict of split to path. "
            f"Received: {checks.one_line(source)}.{fix}"
        )
    return pathlib.Path(source)


def find_format(source):
    """The registered format of a table.

    Raises:
        DataError: If there is nothing at the path, or it is no table.
    """
    path, problems = path_of(source), Problems(source)
    if is_url(str(source)):
        problems.add("is a URL; download the table and give its path")
        problems.check()
    try:
        path.stat()
    except OSError as error:
        problems.add(f"cannot be read: {error.strerror}; correct the path")
    except ValueError as error:  # A NUL in the path.
        problems.add(f"cannot be read: {error}; correct the path")
    problems.check()
    if not path.is_dir() and not path.is_file():  # A pipe may never end.
        problems.add("is not a regular file; give the path of one")
        problems.check()
    known = [registry.get("table", name) for name in registry.names("table")]
    for one in known:
        if one.recognises(path):
            return one
    suffixes = [suffix for one in known for suffix in one.suffixes]
    problems.add(_unknown(path, suffixes))
    return problems.check()


def _unknown(path, suffixes):
    if path.is_dir():
        return (
            "is a directory that holds no table: neither metadata.csv, nor "
            "metadata.jsonl, nor folders of classes; give the path of a file"
        )
    try:
        found = sniff_file(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}; correct its permissions"
    name = path.name.lower()
    hints = [hint for ends, hint in _HINTS.items() if name.endswith(ends)]
    fix = hints[0] if hints else "name it by what it is"
    return (
        f"holds {found}, and its name ends in none of {', '.join(suffixes)}; "
        f"{fix}"
    )
