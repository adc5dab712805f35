"""Rules for what counts the rows, and for columns without a name."""

import collections
import re

from mmfusion.data.inference.role import Role
from mmfusion.data.modality import BLANK

# What pandas calls a column that has no name in a file.
_UNNAMED = re.compile(r"Unnamed: [0-9]+")
# In fewer rows numbers may be 1, 2, 3 by chance.
_ROWS = 5


def nameless(x, table):
    """A column without a name, such as the index that pandas writes."""
    if x.name.strip(BLANK) and not _UNNAMED.fullmatch(x.name):
        return None
    reason = "it has no name"
    if x.name.strip(BLANK):
        reason = "pandas calls a column so that has no name"
    at = table.columns.index(x.name) + 1
    return Role(
        "unused",
        reason,
        note=f"column {at} has no name; it is left out. Name it, or write the "
        "table with index=False",
    )


def row_number(x, table):
    """Numbers that count the rows: where these are sorted, the answer."""
    if told := counted(x, table):
        return Role("unused", f"{told}: that says nothing of a new row")
    return None


def counted(x, table):
    """What a reason says where cells count the rows, from 0 or 1; or ''."""
    if x.empty or len(x.numbers) < max(len(x.cells), _ROWS):
        return ""
    first = int(x.numbers[0])
    for places in (range(len(table)), _places(table)):
        found = {
            number - places[row]
            for row, number in zip(x.rows, x.numbers, strict=True)
        }
        if found in ({0}, {1}):
            return f"it counts the rows, {first} to {int(x.numbers[-1])}"
    return ""


def _places(table):
    """The place of each row in its own file."""
    seen, places = collections.Counter(), []
    for row in range(len(table)):
        source, _ = table.place(row)
        places.append(seen[source])
        seen[source] += 1
    return places
