"""Rules for columns of files and of lists, each with its reason."""

import dataclasses

from mmfusion.data.inference.kinds import MOST, kind_of
from mmfusion.data.inference.role import Role
from mmfusion.data.inference.samples import describe_files
from mmfusion.data.inference.vectors import vector_of
from mmfusion.data.sniff import sniff

# What may stand between the names of several files.
_SEPARATORS = (" | ", "; ", "|", ";")


def several(x, table):
    """Lists of files, texts or numbers, and names with a separator."""
    if x.lists and len(x.lists) == len(x.cells):
        pairs = list(zip(x.rows, x.lists, strict=True))
        return _listed(pairs, table, "every cell is a list")
    if len(x.written) < MOST * len(x.cells):
        return _separated(x, table)
    what, others = "every cell is a JSON list", ""
    if len(x.written) < len(x.cells):
        what = f"{len(x.written):,} of {len(x.cells):,} cells are JSON lists"
        others = "; the others will be faults"
    role = _listed(x.written, table, what)
    if role.reason.endswith(others):
        return role
    return dataclasses.replace(role, reason=role.reason + others)


def _listed(pairs, table, what):
    """Lists, each with its row."""
    inner = [cell for _, cells in pairs for cell in cells]
    if all(isinstance(cell, (str, bytes)) for cell in inner):
        return _several_of(pairs, table, what)
    return vector_of([cells for _, cells in pairs], what)


def python_lists(x, table):
    """Lists as Python writes them, which nothing reads as lists."""
    # Names of files are no words to learn from.
    if not x.python_told:
        return None
    return Role(
        "unused", f"{x.python_told}; write JSON lists (json.dumps) or a|b"
    )


def _separated(x, table):
    """Cells of several names of files, with a separator between them."""
    if len(x.texts) < len(x.cells):
        return None
    for separator in _SEPARATORS:
        lists = [
            [name for name in text.split(separator) if name] for text in x.texts
        ]
        count = sum(len(names) > 1 for names in lists)
        few = count <= (1 - MOST) * len(lists)
        if few or not kind_of([name for names in lists for name in names]):
            continue
        what = f"{count:,} of {len(lists):,} cells are split by {separator!r}"
        pairs = list(zip(x.rows, lists, strict=True))
        return _several_of(pairs, table, what, separator=separator)
    return None


def _several_of(pairs, table, what, **settings):
    most = max(len(values) for _, values in pairs)
    inner = [value for _, values in pairs for value in values]
    kind, _, _ = kind_of(inner) or ("text", 0, [])
    if kind == "video":
        return Role("unused", "it holds several clips; give each a column")
    reason, of = "", {}
    if kind != "text":
        files = [(row, value) for row, values in pairs for value in values]
        reason, of = describe_files(kind, files, table)
    elif not all(isinstance(value, str) for value in inner):
        return Role("unused", "it holds lists of bytes of no known kind")
    return Role(
        "several",
        f"{what}, of {most} at most; each value is of the type {kind}{reason}",
        {"most": most, **settings, "of": {"type": kind, **of}},
    )


def a_file(x, table):
    """Names of files of one kind, or files in bytes."""
    found = kind_of([*x.files, *x.texts])
    if found is None:
        return None
    kind, count, endings = found
    what = ["are files in bytes"] if x.files else []
    what += [f"end in {', '.join(endings)}"] if endings else []
    pairs = list(zip(x.rows, x.cells, strict=True))
    reason, settings = describe_files(kind, pairs, table)
    return Role(
        kind,
        f"{count:,} of {len(x.cells):,} cells {' or '.join(what)}{reason}",
        settings,
    )


def unknown_bytes(x, table):
    """Bytes that no modality reads."""
    if len(x.files) > (1 - MOST) * len(x.cells):
        types = sorted({sniff(cell) for cell in x.files})
        return Role("unused", f"it holds bytes: {', '.join(types[:3])}")
    return None
