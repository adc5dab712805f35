"""Group normalisation of any number of channels."""

import keras


def group_norm(channels, **kwargs):
    """A group normalisation of as many groups as divide the channels.

    Each row by itself, so that rows never couple.

    Args:
        channels: int.
        **kwargs: what `keras.layers.GroupNormalization` takes.

    Returns:
        `keras.layers.GroupNormalization` of one to eight groups.

    Example:

    >>> group_norm(12).groups, group_norm(7).groups, group_norm(11).groups
    (6, 7, 1)
    """
    groups = max(n for n in range(1, 9) if channels % n == 0)
    return keras.layers.GroupNormalization(groups=groups, **kwargs)
