"""What the cells of one column show."""

import collections
import functools
import json
import re

import numpy as np

from mmfusion.data import number
from mmfusion.data.inference.kinds import MOST
from mmfusion.data.modality import BLANK
from mmfusion.data.sniff import sniff

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# Lists as Python writes them, `['a', 'b']` or `[1.5, None]`: no JSON.
_PYTHON = re.compile(
    r"\[+\s*[rb]?['\"].*['\"]\s*\]+"
    r"|\[(\s*([0-9.eE+-]+|None|True|False|nan|inf)\s*[,\]])+",
    re.DOTALL,
)
# What `sniff` says of bytes that are a text.
_TEXTS = ("text", "HTML", "XML", "JSON")


class Evidence:
    """The cells of one column, and what they have in common.

    Attributes:
        name: str. The column.
        rows: list of int. The rows with a value.
        cells: list of the values that are not empty, in order.
        count: int. Rows of the table that have a cell here which can be read.
    """

    def __init__(self, table, name):
        self.name = name
        readable = [
            (row, _plain(cell))
            for row, cell in enumerate(table.column(name))
            if row not in table.faults and (row, name) not in table.cell_faults
        ]
        self.count = len(readable)
        filled = [(row, cell) for row, cell in readable if not _is_empty(cell)]
        lists = sum(_list_in(cell) is not None for _, cell in filled)
        if lists >= MOST * len(filled):  # Then `[]` is an empty cell.
            filled = [(row, x) for row, x in filled if _list_in(x) != []]
        self.rows = [row for row, _ in filled]
        self.cells = [cell for _, cell in filled]

    @property
    def empty(self) -> int:
        """How many cells hold nothing."""
        return self.count - len(self.cells)

    @functools.cached_property
    def texts(self) -> list:
        """The cells as text; lists, arrays and files in bytes are none."""
        return [
            c.decode("utf-8", "replace") if isinstance(c, bytes) else str(c)
            for c in self.cells
            if not isinstance(c, (list, tuple, np.ndarray)) and not _is_file(c)
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
    def arrays(self) -> list:
        """The cells that are arrays of more places than a list of lists."""
        return [cell for cell in self.cells if isinstance(cell, np.ndarray)]

    @functools.cached_property
    def written(self) -> list:
        """The cells that are a JSON list in a text, with the row of each."""
        pairs = zip(self.rows, self.cells, strict=True)
        found = ((row, _list_in(cell)) for row, cell in pairs)
        return [(row, cells) for row, cells in found if cells is not None]

    @property
    def lists_told(self) -> str:
        """What a reason goes on with where many texts are lists."""
        if self.python_told:
            return f"; {self.python_told}"
        count = len(self.written)
        if count <= (1 - MOST) * len(self.cells):
            return ""
        return (
            f"; {count:,} of {len(self.cells):,} cells are JSON lists, which "
            "are read as text"
        )

    @functools.cached_property
    def python_told(self) -> str:
        """What a reason says where many texts are lists of Python's."""
        count = sum(
            isinstance(cell, str)
            and _PYTHON.fullmatch(cell.strip(BLANK)) is not None
            and _list_in(cell) is None
            for cell in self.cells
        )
        if count <= (1 - MOST) * len(self.cells):
            return ""
        return (
            f"{count:,} of {len(self.cells):,} cells look like Python lists, "
            "which are read as text"
        )

    @functools.cached_property
    def counts(self) -> collections.Counter:
        """How often each text occurs."""
        return collections.Counter(self.texts)

    @functools.cached_property
    def numbers(self) -> list:
        """The cells that are numbers, as they are typed or written."""
        return [float(cell) for cell in self.cells if _is_number(cell)]

    @functools.cached_property
    def others(self) -> list:
        """The texts that are no numbers, each once, in order."""
        texts = (text for text in self.counts if not _is_number(text))
        return [" ".join(text.split()) for text in texts]

    @property
    def others_shown(self) -> str:
        """The first of these."""
        more = ["..."] if len(self.others) > 3 else []
        return ", ".join([text[:20] for text in self.others[:3]] + more)

    @functools.cached_property
    def numbers_told(self) -> str:
        """What a reason says where more than half are numbers, not all."""
        count = len(self.numbers)
        if not 0.5 * len(self.cells) < count < len(self.cells):
            return ""
        # Codes such as 007, and ids of many digits, are no bad numbers.
        if any(map(number.is_number, self.others)):
            return ""
        return (
            f"{count:,} of {len(self.cells):,} cells are numbers, the others "
            f"are not ({self.others_shown})"
        )

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


def _plain(cell):
    """Vectors and sequences of them as lists; other cells as they are."""
    is_array = isinstance(cell, np.ndarray) and cell.ndim < 3
    return cell.tolist() if is_array else cell


def _is_empty(cell):
    if isinstance(cell, (list, tuple)):
        return all(map(_is_empty, cell))
    return cell is None or (isinstance(cell, str) and not cell.strip(BLANK))


def _list_in(cell):
    """The list that a text is in JSON, empty if all in it is; or None."""
    if not isinstance(cell, str) or not cell.lstrip(BLANK).startswith("["):
        return None
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    return [] if _is_empty(found) else found


def _is_file(cell):
    return isinstance(cell, bytes) and sniff(cell[:512]) not in _TEXTS


def _is_number(cell):
    if isinstance(cell, str):
        return number.looks_like_number(cell.strip(BLANK))
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
