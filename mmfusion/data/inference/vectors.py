"""Rules for lists of numbers, and of vectors, each with its reason."""

import collections

from mmfusion.data.inference.kinds import MOST
from mmfusion.data.inference.role import Role

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
