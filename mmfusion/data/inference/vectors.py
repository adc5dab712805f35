"""Rules for lists of numbers, and of vectors, each with its reason."""

import collections
import dataclasses
import re

from mmfusion.data.inference.kinds import MOST
from mmfusion.data.inference.role import Role
from mmfusion.data.modality import BLANK

# A number as NumPy prints it; what stands for one, or for several.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_GAPS = ("...", "nan", "inf", "-inf")
_NUMBERS, _VECTORS = 1, 2


def vector_of(lists, what):
    """A vector, or a sequence of them, by the length that most have.

    Args:
        lists: list of lists, none of them empty.
        what: str. What the reason begins with.

    Example:

    >>> vector_of([[1, 2], [3, 4.5]], "every cell is a list").settings
    {'dim': 2}
    >>> vector_of([[[1, 2]], [[3, 4], [5, 6]]], "every cell is one").settings
    {'dim': 2, 'steps': 2}
    """
    shapes = [_shape(values) for values in lists]
    ranks = collections.Counter(map(len, shapes))
    rank, count = ranks.most_common(1)[0]
    if rank not in (_NUMBERS, _VECTORS) or count < MOST * len(lists):
        return Role("unused", "it holds lists of no single kind")
    shapes = [shape for shape in shapes if len(shape) == rank]
    dims = collections.Counter(shape[-1] for shape in shapes)
    dim, count = dims.most_common(1)[0]
    each = "numbers" if rank == _NUMBERS else "numbers in each vector"
    if count < MOST * len(lists):
        kind = "lists" if rank == _NUMBERS else "vectors"
        advice = "; for steps of a sequence write `[[...], [...]]`"
        return Role(
            "unused",
            f"it holds {kind} of {min(dims)} to {max(dims)} numbers, and no "
            f"length is that of 90 % of them; give all one length"
            f"{advice if rank == _NUMBERS else ''}",
        )
    settings = {"dim": dim}
    whole = f"{what} of {dim} numbers"
    if rank == _VECTORS:
        most = max(shape[0] for shape in shapes if shape[-1] == dim)
        settings["steps"] = most
        whole = f"{what} of {most} vectors at most, of {dim} numbers each"
    if count == len(lists):
        return Role("vector", whole, settings)
    return Role(
        "vector",
        f"{what}; {count:,} of {len(lists):,} have {dim} {each}; the others "
        "will be faults",
        settings,
    )


def printed(x, table):
    """Arrays as NumPy prints them: `[0.1 1.5]`."""
    found = [words for words in map(_words, x.texts) if words]
    count, of = len(found), f"of {len(x.cells):,} cells are"
    if not count or count < MOST * len(x.cells):
        return None
    if short := sum("..." in words for words in found):
        return Role(
            "unused",
            f"{short:,} {of} arrays that NumPy shortened (`...`), and what was "
            "between is lost; write JSON lists (json.dumps)",
        )
    what, others = "every cell is a printed array", ""
    if count < len(x.cells):
        what = f"{count:,} {of} printed arrays"
        others = "; the others will be faults"
    # Each word stands for its number: what is none is a fault of `check`.
    role = vector_of([[0.0] * len(words) for words in found], what)
    if role.reason.endswith(others):
        return role
    return dataclasses.replace(role, reason=role.reason + others)


def arrays(x, table):
    """Arrays of more places than a sequence has, such as pixels."""
    if not x.arrays:
        return None
    return Role(
        "unused",
        f"it holds arrays of the shape {x.arrays[0].shape}; if they are "
        "pixels, make it `type: image`",
    )


def _shape(values):
    """`(dim,)` of numbers, `(steps, dim)` of vectors, `()` of others."""
    if all(isinstance(value, (int, float)) for value in values):
        return (len(values),)
    if not all(isinstance(value, (list, tuple)) for value in values):
        return ()
    inner = {_shape(value) for value in values}
    (shape, *others) = inner
    # An empty one is a step that is not there.
    one = not others and len(shape) == _NUMBERS and shape[0]
    return (len(values), *shape) if one else ()


def _words(text):
    """The numbers of an array as NumPy prints it, in words; or None."""
    text = text.strip(BLANK)
    if not (text.startswith("[") and text.endswith("]")):
        return None
    words = text[1:-1].split()
    fits = all(w in _GAPS or _NUMBER.fullmatch(w) for w in words)
    return words if fits else None
