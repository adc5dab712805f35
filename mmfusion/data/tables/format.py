"""A format of tables: how it is told by its path, and what reads it."""

import dataclasses
from collections.abc import Callable

from mmfusion import files


@dataclasses.dataclass(frozen=True)
class Format:
    """One way to lay out a table, registered under the kind `"table"`.

    Attributes:
        read: function of `(path, allow_outside_root)` that gives a `Table`.
        suffixes: tuple of str, lower case. What the names of its files end
            in.
        holds: function of a folder that says whether it is laid out so; None
            where the format is one of files.
        digest: function of the path that gives hexadecimal digits, others
            where the table is another.
        read_by_row: as `read`, for rows that wait for an answer: none is
            judged by what other rows hold. None where `read` does so.
    """

    read: Callable
    suffixes: tuple = ()
    holds: Callable | None = None
    digest: Callable = files.checksum
    read_by_row: Callable | None = None

    def recognises(self, path) -> bool:
        """Whether a path, which exists, is that of such a table."""
        if path.is_dir():
            return self.holds is not None and self.holds(path)
        return path.name.lower().endswith(self.suffixes)
