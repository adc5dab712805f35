"""What the cells of one column show."""

import collections
import functools
import re

from mmfusion.data import number
from mmfusion.data.modality import BLANK
from mmfusion.data.sniff import sniff

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# What `sniff` says of bytes that are a text.
_TEXTS = ("text", "HTML", "XML", "JSON")


class Evidence:
    """The cells of one column, and what they have in common.

    Attributes:
        name: str. The column.
        rows: list of int. The rows with a value.
        cells: list of the values that are not empty, in order.
        count: int. Rows of the table.
    """

    def __init__(self, table, name):
        self.name = name
        self.count = len(table)
        column = table.column(name)
        self.rows = [
            row
            for row, cell in enumerate(column)
            if row not in table.faults and not _is_empty(cell)
        ]
        self.cells = [column[row] for row in self.rows]

    @property
    def empty(self) -> int:
        """How many cells hold nothing."""
        return self.count - len(self.cells)

    @functools.cached_property
    def texts(self) -> list:
        """The cells as text; lists and files in bytes are none."""
        return [
            c.decode("utf-8", "replace") if isinstance(c, bytes) else str(c)
            for c in self.cells
            if not isinstance(c, (list, tuple)) and not _is_file(c)
        ]

    @functools.cached_property
    def files(self) -> list:
        """The cells that are bytes, and no text."""
        return [cell for cell in self.cells if _is_file(cell)]

    @functools.cached_property
    def lists(self) -> list:
        """The cells that are lists."""
        return [c for c in self.cells if isinstance(c, (list, tuple))]

    @functools.cached_property
    def counts(self) -> collections.Counter:
        """How often each text occurs."""
        return collections.Counter(self.texts)

    @functools.cached_property
    def numbers(self) -> list:
        """The cells that are numbers, as they are typed or written."""
        return [float(cell) for cell in self.cells if _is_number(cell)]

    @functools.cached_property
    def whole(self) -> bool:
        """Whether all of these are whole, and there are some."""
        return bool(self.numbers) and all(x.is_integer() for x in self.numbers)

    @functools.cached_property
    def words(self) -> list:
        """How many words each text has, sorted."""
        return sorted(len(text.split()) for text in self.texts)

    @functools.cached_property
    def urls(self) -> int:
        """How many cells are URLs."""
        return sum(_URL.match(text) is not None for text in self.texts)

    def share_of(self, share):
        """The number of words below which that share of the texts is."""
        return self.words[
            min(int(share * len(self.words)), len(self.words) - 1)
        ]


def _is_empty(cell):
    return cell is None or (isinstance(cell, str) and not cell.strip(BLANK))


def _is_file(cell):
    return isinstance(cell, bytes) and sniff(cell[:512]) not in _TEXTS


def _is_number(cell):
    if isinstance(cell, str):
        return number.looks_like_number(cell.strip(BLANK))
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
