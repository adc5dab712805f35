"""A Transformer over token ids."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.steps import embedding as embedding_of
from mmfusion.encoders.words import embedded
from mmfusion.layers import LayerNorm, PositionEmbedding, TransformerBlock


@registry.register("encoder", "text_transformer")
def text_transformer(
    vocabulary_size,
    length=32,
    units=64,
    embedding=64,
    num_layers=2,
    num_heads=4,
    hidden=None,
    dropout=0.1,
    pool="mean",
    vectors=None,
    trainable=True,
    name="text",
):
    """Builds Transformer blocks over embedded tokens.

    For texts in which words far apart belong together, and for rows enough to
    learn that from. Tokens 0 are padding: no token looks at them and none of
    them is pooled; a text of padding alone gives one constant embedding.

        x_s = E[id_s] + p_s                                # (batch, length, .)
        x   = Norm(Block(... Block(x, mask), mask))
        y   = relu(W pool(x, mask) + b)                    # (batch, units)

    Parameters: `(vocabulary_size + length) embedding`, `4 embedding^2 +
    2 embedding hidden` for each block, `embedding units`, and biases. FLOPs of
    a row: `length (8 embedding^2 + 4 embedding hidden) + 4 length^2 embedding`
    for each block.

    Args:
        vocabulary_size: int. Number of token ids, 0 (padding) and 1 (unknown)
            included.
        length: int. Tokens of each text.
        units: int. Width of the embedding.
        embedding: int. Width of the token embeddings and of the blocks.
        num_layers: int. Number of blocks.
        num_heads: int. Must divide `embedding`.
        hidden: int or None. Width of each block's dense network. Defaults to
            4 times `embedding`.
        dropout: float in `[0, 1)`, on the token embeddings, in the blocks and
            before the last layer. Defaults to 0.1.
        pool: `"mean"`, `"max"`, `"attention"`, or None for one embedding for
            each token. Defaults to `"mean"`.
        vectors: float array `(vocabulary_size, dim)` that the token embeddings
            begin with, or None: random ones. If `dim` is not `embedding`, a
            dense layer leads from one to the other.
        trainable: bool. Whether the token embeddings learn.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, int32 `(batch, length)` to float `(batch, units)`; where
        `pool` is None to a dict of `"sequence"`, float
        `(batch, length, units)`, and `"mask"`, bool `(batch, length)`.

    Raises:
        ArgumentError: If a size is not positive, `num_heads` does not divide
            `embedding`, or `vectors` do not fit.

    Example:

    >>> text_transformer(8000, length=16, units=8).output_shape
    (None, 8)

    Reference:
        - [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762), the
          encoder; here the norm comes first and positions are learned.
    """
    checks.check_positive(
        "text_transformer",
        length=length,
        units=units,
        embedding=embedding,
        num_layers=num_layers,
    )
    inputs = keras.Input((length,), dtype="int32", name=name)
    mask = ops.not_equal(inputs, 0)
    x = embedded(
        "text_transformer",
        inputs,
        vocabulary_size,
        embedding,
        vectors,
        trainable,
        dropout=0.0,
    )
    if x.shape[-1] != embedding:
        x = keras.layers.Dense(embedding)(x)
    x = PositionEmbedding()(x)
    if dropout:
        x = keras.layers.Dropout(dropout)(x)
    for _ in range(num_layers):
        x = TransformerBlock(num_heads, hidden, dropout)(x, mask=mask)
    # A block that normalises first leaves its sum as it is.
    x = LayerNorm(epsilon=1e-5)(x)
    x = embedding_of(x, mask, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
