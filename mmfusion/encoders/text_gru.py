"""A recurrent network over token ids."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.steps import POOLS
from mmfusion.encoders.steps import embedding as embedding_of
from mmfusion.encoders.words import embedded
from mmfusion.errors import ArgumentError


@registry.register("encoder", "text_gru")
def text_gru(
    vocabulary_size,
    length=32,
    units=64,
    embedding=64,
    dropout=0.0,
    unroll=False,
    pool="last",
    bidirectional=False,
    vectors=None,
    trainable=True,
    name="text",
):
    """Builds a GRU over embedded tokens; its last state is the embedding.

    For short texts whose word order matters. Tokens 0 are padding and are
    passed over; a text of padding alone gives zeros (with another `pool` than
    `"last"`, one constant embedding).

        z, r = sigmoid(W x_t + U h_{t-1} + b)
        n = tanh(W_n x_t + r * (U_n h_{t-1} + c) + b_n)
        h_t = z * h_{t-1} + (1 - z) * n    # (batch, units)

    Parameters: `vocabulary_size embedding + 3 units (embedding + units + 2)`;
    FLOPs of a row: `6 length units (embedding + units)`. A `pool` other than
    `"last"` has `units (units + 1)` more.

    Args:
        vocabulary_size: int. Number of token ids, 0 (padding) and 1 (unknown)
            included.
        length: int. Tokens of each text.
        units: int. Width of the embedding.
        embedding: int. Width of the token embeddings, where no `vectors` are
            given.
        dropout: float in `[0, 1)`, on the token embeddings.
        unroll: bool. A longer graph without a loop: needed for LiteRT with
            more than one row at a time; compiles slowly. Defaults to False.
        pool: `"last"` (the state after the last token), `"mean"`, `"max"`,
            `"attention"`, or None for one embedding for each token; all but
            the first through a dense layer. Defaults to `"last"`.
        bidirectional: bool. Whether half of the `units` read the text from its
            end. Defaults to False.
        vectors: float array `(vocabulary_size, dim)` that the token embeddings
            begin with, or None: random ones.
        trainable: bool. Whether the token embeddings learn.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, int32 `(batch, length)` to float `(batch, units)`; where
        `pool` is None to a dict of `"sequence"`, float
        `(batch, length, units)`, and `"mask"`, bool `(batch, length)`.

    Raises:
        ArgumentError: If a size is not positive, `units` is odd with
            `bidirectional`, or `vectors` do not fit.

    Example:

    >>> text_gru(8000, length=16, units=8).output_shape
    (None, 8)

    Reference:
        - [tf.keras.layers.GRU](
          https://www.tensorflow.org/versions/r2.13/api_docs/python/tf/keras/layers/GRU.md.txt),
          with `reset_after=True`: the gate comes after the recurrent product.
    """
    checks.check_positive("text_gru", length=length, units=units)
    checks.check_choice("text_gru", "pool", pool, ("last", *POOLS))
    checks.check_choice(
        "text_gru", "bidirectional", bidirectional, (False, True)
    )
    inputs = keras.Input((length,), dtype="int32", name=name)
    x = embedded(
        "text_gru",
        inputs,
        vocabulary_size,
        embedding,
        vectors,
        trainable,
        dropout,
    )
    mask = ops.not_equal(inputs, 0)
    if bidirectional and units % 2:
        raise ArgumentError(
            "`text_gru` expects `units` to be even where `bidirectional` is "
            f"True. Received: {units}."
        )
    gru = keras.layers.GRU(
        units // 2 if bidirectional else units,
        return_sequences=pool != "last",
        use_cudnn=False,  # With cuDNN the model would lose XLA.
        unroll=unroll,
    )
    if bidirectional:
        gru = keras.layers.Bidirectional(gru)
    x = gru(x, mask=mask)
    if pool != "last":
        x = embedding_of(x, mask, pool, units, dropout=0.0)
    return keras.Model(inputs, x, name=f"{name}_encoder")
