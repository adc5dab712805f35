"""A recurrent network over token ids."""

import keras
from keras import ops

from mmfusion import checks, registry


@registry.register("encoder", "text_gru")
def text_gru(
    vocabulary_size,
    length=32,
    units=64,
    embedding=64,
    dropout=0.0,
    unroll=False,
    name="text",
):
    """Builds a GRU over embedded tokens; its last state is the embedding.

    For short texts whose word order matters. Tokens 0 are padding and are
    passed over; a text of padding alone gives zeros.

    Args:
        vocabulary_size: int. Number of token ids, 0 (padding) and 1 (unknown)
            included.
        length: int. Tokens of each text.
        units: int. Width of the embedding.
        embedding: int. Width of the token embeddings.
        dropout: float in `[0, 1)`, on the token embeddings.
        unroll: bool. A longer graph without a loop: needed for LiteRT with
            more than one row at a time; compiles slowly. Defaults to False.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, int32 `(batch, length)` to float `(batch, units)`.

    Raises:
        ArgumentError: If a size is not positive.

    Example:

    >>> text_gru(8000, length=16, units=8).output_shape
    (None, 8)
    """
    checks.check_positive(
        "text_gru",
        vocabulary_size=vocabulary_size,
        length=length,
        units=units,
        embedding=embedding,
    )
    checks.check_range("text_gru", "dropout", dropout, 0, 0.99)
    inputs = keras.Input((length,), dtype="int32", name=name)
    x = keras.layers.Embedding(vocabulary_size, embedding)(inputs)
    if dropout:
        x = keras.layers.Dropout(dropout)(x)
    # With cuDNN the model would lose XLA.
    gru = keras.layers.GRU(units, use_cudnn=False, unroll=unroll)
    x = gru(x, mask=ops.not_equal(inputs, 0))
    return keras.Model(inputs, x, name=f"{name}_encoder")
