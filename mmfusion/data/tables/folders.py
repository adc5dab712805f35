"""What lies in a folder, in one order, and whether a link leads out of it."""

import pathlib

from mmfusion.data.paths import resolve
from mmfusion.data.splits import part_of

# Names that a note lists.
LISTED = 3


def entries(folder, hidden):
    """What is in a folder, sorted by name.

    Args:
        folder: `pathlib.Path`.
        hidden: list that hidden entries are added to; they are not returned.

    Returns:
        List of `pathlib.Path`.
    """
    found = sorted(folder.iterdir(), key=lambda path: path.name)
    hidden += [path for path in found if path.name.startswith(".")]
    return [path for path in found if not path.name.startswith(".")]


def folders(folder):
    """The visible folders in a folder, sorted by name."""
    return [path for path in entries(folder, []) if path.is_dir()]


def leaves(path, root, allow_outside_root):
    """Raises `BadValue` where a path is a link that leads out of its root."""
    if path.is_symlink():
        resolve(inside(path, root), root, allow_outside_root)


def inside(path, root) -> str:
    """A path relative to the root, with `/`."""
    return path.relative_to(root).as_posix()


def shown(path, root) -> str:
    """The same for a message: a name need not be text."""
    text = inside(path, root)
    return text.encode("utf-8", "backslashreplace").decode()


def split_of(name):
    """The split that a folder's name stands for, or None."""
    return part_of(name)


def check_splits(paths, root, problems):
    """No split has two folders, as `val` and `dev` would be."""
    first = {}
    for path in paths:
        name = part_of(path.name)
        if name in first:
            problems.add(
                f"is a second folder of the split {name!r}, beside "
                f"{first[name]!r}; join them",
                column=shown(path, root),
            )
        first.setdefault(name, path.name)


def names_a_few(paths, root) -> str:
    """The number of paths and the first of them, for a note."""
    first = ", ".join(shown(path, root) for path in paths[:LISTED])
    more = ", ..." if len(paths) > LISTED else ""
    return f"{len(paths)} ({first}{more})"


def is_text(path) -> bool:
    """Whether a name is whole characters, which a file system does not ask."""
    try:
        pathlib.PurePath(path).name.encode()
    except UnicodeEncodeError:
        return False
    return True
