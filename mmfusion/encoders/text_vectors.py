"""A network over the mean of word vectors."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.steps import embedding as embedding_of
from mmfusion.encoders.words import embedded


@registry.register("encoder", "text_vectors")
def text_vectors(
    vocabulary_size,
    length=32,
    units=64,
    embedding=64,
    hidden=(64,),
    dropout=0.0,
    pool="mean",
    vectors=None,
    trainable=True,
    name="text",
):
    """Builds dense layers over the mean of a text's word vectors.

    For little data and good vectors (Word2Vec, GloVe, skip-gram on texts of
    one's own); blind to word order, and the fastest encoder of token ids.
    Tokens 0 are padding and do not count; a text of padding alone gives one
    constant embedding.

        m = sum_s [id_s != 0] E[id_s] / sum_s [id_s != 0]    # (batch, dim)
        y = relu(W ... relu(W_1 m + b_1) ... + b)            # (batch, units)

    Parameters: `vocabulary_size dim + dim hidden + hidden units`, and biases;
    FLOPs of a row: `length dim + 2 dim hidden + 2 hidden units`.

    Args:
        vocabulary_size: int. Number of token ids, 0 (padding) and 1 (unknown)
            included.
        length: int. Tokens of each text.
        units: int. Width of the embedding.
        embedding: int. Width of the token embeddings, where no `vectors` are
            given.
        hidden: tuple of int. Widths of the layers before the last.
        dropout: float in `[0, 1)`, before the last layer.
        pool: `"mean"`, `"max"`, `"attention"`, or None for one embedding for
            each token. Defaults to `"mean"`.
        vectors: float array `(vocabulary_size, dim)` that the token embeddings
            begin with, or None: random ones.
        trainable: bool. Whether the token embeddings learn.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, int32 `(batch, length)` to float `(batch, units)`; where
        `pool` is None to a dict of `"sequence"`, float
        `(batch, length, units)`, and `"mask"`, bool `(batch, length)`.

    Raises:
        ArgumentError: If a size is not positive or `vectors` do not fit.

    Example:

    >>> text_vectors(8000, length=16, units=8).output_shape
    (None, 8)

    Reference:
        - [Iyyer et al., 2015](http://acl2015.org/abstracts_long/497.html),
          the deep averaging network; without its dropout of whole words.
    """
    checks.check_positive("text_vectors", length=length)
    inputs = keras.Input((length,), dtype="int32", name=name)
    x = embedded(
        "text_vectors",
        inputs,
        vocabulary_size,
        embedding,
        vectors,
        trainable,
        dropout=0.0,
    )
    mask = ops.not_equal(inputs, 0)
    x = embedding_of(x, mask, pool, units, dropout, hidden)
    return keras.Model(inputs, x, name=f"{name}_encoder")
