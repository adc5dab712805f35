"""Warns of files that are in training and in another split as well."""

import os
import warnings

from mmfusion.data.copies import copies_among
from mmfusion.data.problems import printable

# Pairs that a warning names.
LISTED = 5


def warn_of_shared_files(columns, names, lines):
    """Warns where a training row and a held-out one read a file, or its copy.

    Args:
        columns: dict of modality name to `Column`.
        names: list of the split of each row.
        lines: list of the line of each row, for the message.
    """
    if len({name for name in names if name}) < 2:
        return  # Nothing is held out: no file needs to be looked at.
    for modality, column in columns.items():
        if not column.modality.element.names_files:
            continue
        first, held = {}, []
        for row, name in enumerate(names):
            for path in _paths(column, row) if name else ():
                if name == "train":
                    first.setdefault(path, row)
                else:
                    held.append((path, row))
        others = dict.fromkeys(path for path, _ in held if path not in first)
        copied = copies_among(first, others)
        pairs = []
        for path, row in held:
            origin = copied.get(path, path)
            if origin in first:
                copy = f", a copy of {printable(origin)}"
                pairs.append(
                    f"row {lines[first[origin]]} (train) and row {lines[row]} "
                    f"({names[row]}): {printable(path)}"
                    f"{copy if path in copied else ''}"
                )
        if pairs:
            more = len(pairs) - LISTED
            listed = "; ".join(pairs[:LISTED])
            listed += f"; and {more} more" if more > 0 else ""
            warnings.warn(
                f"The test is easier than it looks: files of {modality!r} are "
                f"in training and held out. {listed}. Give them one group, or "
                "one split.",
                stacklevel=3,
            )


def _paths(column, row):
    """The files that the value of a row names, as absolute paths."""
    if not column.present[row]:  # Masked, perhaps: its path may be none.
        return []
    value = column.source.named(row)
    one = column.modality.element
    return [
        os.path.abspath(path)
        for path in (value if isinstance(value, list) else [value])
        if isinstance(path, (str, os.PathLike)) and not one.is_missing(path)
    ]
