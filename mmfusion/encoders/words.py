"""What encoders of token ids share: their word vectors."""

import keras
import numpy as np

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.layers import WordEmbedding


def embedded(who, ids, vocabulary_size, embedding, vectors, trainable, dropout):
    """The vectors of tokens.

    Args:
        who: str. The encoder, for messages.
        ids: int32 KerasTensor `(batch, length)`.
        vocabulary_size: int. Number of token ids.
        embedding: int. Width of the vectors where none are given.
        vectors: array `(vocabulary_size, dim)` or None.
        trainable: bool. Whether the vectors learn.
        dropout: float in `[0, 1)`, on the vectors.

    Returns:
        Float KerasTensor `(batch, length, embedding)`, or
        `(batch, length, dim)`.

    Raises:
        ArgumentError: If `vectors` do not fit.
    """
    checks.check_positive(
        who, vocabulary_size=vocabulary_size, embedding=embedding
    )
    checks.check_choice(who, "trainable", trainable, (True, False))
    checks.check_range(who, "dropout", dropout, 0, 0.99)
    if vectors is None and not trainable:
        raise ArgumentError(
            f"`{who}` expects `vectors` where `trainable` is False: random "
            "ones would stay random."
        )
    if vectors is not None:
        vectors = _table(who, vectors, vocabulary_size)
        embedding = vectors.shape[1]
    layer = WordEmbedding(
        vocabulary_size, embedding, vectors=vectors, trainable=trainable
    )
    x = layer(ids)
    return keras.layers.Dropout(dropout)(x) if dropout else x


def _table(who, vectors, vocabulary_size):
    if isinstance(vectors, (str, bytes, dict)):
        raise ArgumentError(
            f"`{who}` expects `vectors` to be an array. Received: "
            f"{vectors!r}. Read a file with "
            "`mmfusion.data.Text.word_vectors`; a recipe does that by itself."
        )
    try:
        table = np.asarray(vectors, "float32")
    except (TypeError, ValueError):
        table = np.empty(())
    if table.ndim != 2 or len(table) != vocabulary_size or not table.size:
        raise ArgumentError(
            f"`{who}` expects `vectors` of shape ({vocabulary_size}, dim), a "
            f"row for each token id. Received: shape={table.shape}."
        )
    return table
