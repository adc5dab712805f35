"""What the batches of a split are made of."""

import numpy as np

from mmfusion import checks
from mmfusion.data.part import Part
from mmfusion.errors import ArgumentError


def split_parts(split, columns, weight=None):
    """The arrays behind the batches of a split, and their dtypes.

    Args:
        split: `Split`.
        columns: dict of modality name to `Column`, of the whole table.
        weight: array `(rows,)`, a dict of one for each task, or None.

    Returns:
        Two structures of `Part` and of dtypes: of the inputs where
        there are no targets; else of inputs, targets and, if given, weights.

    Raises:
        ArgumentError: If the weights do not fit.
    """
    inputs, dtypes = {}, {}
    for name, column in columns.items():
        whole, kinds = column.tensors(name)
        inputs |= {key: part.part(split.places) for key, part in whole.items()}
        dtypes |= kinds
    if not split.targets:
        if weight is not None:
            raise ArgumentError(
                f"`weight` needs targets. The split {split.name!r} has none."
            )
        return inputs, dtypes
    targets = {name: Part(y) for name, y in split.targets.items()}
    parts = (inputs, targets)
    kinds = {name: y.dtype.name for name, y in split.targets.items()}
    dtypes = (dtypes, kinds)
    if weight is None:
        return parts, dtypes
    if isinstance(weight, dict):
        checks.check_keys("weight", weight, targets, required=targets)
        weights = {n: _weights(split, w) for n, w in weight.items()}
        kinds = dict.fromkeys(weights, "float32")
    else:
        weights, kinds = _weights(split, weight), "float32"
    return (*parts, weights), (*dtypes, kinds)


def _weights(split, weight):
    weight = np.asarray(weight, "float32")
    if weight.shape != (len(split),):
        raise ArgumentError(
            f"`batches` expects `weight` of shape ({len(split)},). "
            f"Received: {weight.shape}."
        )
    return Part(weight)
