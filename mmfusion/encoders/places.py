"""Places of a picture as steps of a sequence."""

import keras

from mmfusion.encoders.steps import embedding


def places_embedding(x, pool, units, dropout, hidden=()):
    """Feature maps to one embedding, or to one embedding for each place.

    Args:
        x: float KerasTensor `(batch, height, width, channels)` of fixed size.
        pool: `"mean"`, `"max"`, `"attention"` (a learned weight for each
            place), or None for all places, row by row.
        units: int. Width of the embedding.
        dropout: float in `[0, 1)`, before the last layer.
        hidden: tuple of int. Widths of the layers before the last.

    Returns:
        Float KerasTensor `(batch, units)`; where `pool` is None a dict of
        `"sequence"`, float `(batch, height * width, units)`, and `"mask"`,
        bool `(batch, height * width)`, true everywhere.
    """
    height, width, channels = x.shape[1:]
    steps = keras.layers.Reshape((height * width, channels))(x)
    return embedding(steps, None, pool, units, dropout, hidden)
