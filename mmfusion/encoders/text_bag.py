"""A network over bags of words."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import dense_stack


@registry.register("encoder", "text_bag")
def text_bag(vocabulary_size, units=64, hidden=(), dropout=0.0, name="text"):
    """Builds dense layers over a bag of words.

    Strong where single words tell the class, and the fastest text encoder.

        y = relu(W x + b)    # (batch, units)

    Parameters without `hidden`: `vocabulary_size units + units`; FLOPs of a
    row: `2 vocabulary_size units`.

    Args:
        vocabulary_size: int. Width of the bag.
        units: int. Width of the embedding.
        hidden: tuple of int. Widths of the layers before it.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, vocabulary_size)` (0/1, counts or
        TF-IDF) to float `(batch, units)`.

    Raises:
        ArgumentError: If a size is not positive.

    Example:

    >>> text_bag(8000, units=8).output_shape
    (None, 8)

    Reference:
        - [Joachims, 1998](https://doi.org/10.1007/BFb0026683), bags of words
          with TF-IDF; there a linear classifier follows.
    """
    checks.check_positive("text_bag", vocabulary_size=vocabulary_size)
    inputs = keras.Input((vocabulary_size,), dtype="float32", name=name)
    x = dense_stack(inputs, hidden, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
