"""A convolutional network over token ids."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.steps import embedding as embedding_of
from mmfusion.encoders.words import embedded
from mmfusion.errors import ArgumentError
from mmfusion.layers import KeepPresent


@registry.register("encoder", "text_cnn")
def text_cnn(
    vocabulary_size,
    length=32,
    units=64,
    embedding=64,
    filters=100,
    widths=(3, 4, 5),
    dropout=0.0,
    pool="max",
    vectors=None,
    trainable=True,
    name="text",
):
    """Builds convolutions of several widths over embedded tokens.

    For texts in which phrases tell the class, wherever they stand; faster
    than `text_gru`. Each width has filters of its own, and the largest answer
    of each filter over the text counts.

        c_s = relu(W_k [x_{s-a}; ...; x_{s+b}] + b_k)     # width k = a + 1 + b
        y   = relu(V [max_s c_s of each width] + d)        # (batch, units)

    A window stands on each token. Padding (id 0) and what lies beyond the ends
    are zeros in it, and no window stands there: padding behind a text changes
    nothing, a text may be shorter than a window, and one of padding alone
    gives one constant embedding.

    Parameters: `vocabulary_size embedding + filters sum(widths) embedding +
    len(widths) filters units`, and biases; FLOPs of a row: twice `length
    filters sum(widths) embedding`.

    Args:
        vocabulary_size: int. Number of token ids, 0 (padding) and 1 (unknown)
            included.
        length: int. Tokens of each text.
        units: int. Width of the embedding.
        embedding: int. Width of the token embeddings, where no `vectors` are
            given.
        filters: int. Filters of each width.
        widths: tuple of int, in tokens.
        dropout: float in `[0, 1)`, before the last layer.
        pool: `"max"`, `"mean"`, `"attention"`, or None for one embedding for
            each token. Defaults to `"max"`.
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

    >>> text_cnn(8000, length=16, units=8).output_shape
    (None, 8)

    Reference:
        - [Kim, 2014](https://arxiv.org/abs/1408.5882); here a window may reach
          over the ends, and a dense layer of `units` follows.
    """
    checks.check_positive("text_cnn", length=length, filters=filters)
    if not isinstance(widths, (tuple, list)) or not widths:
        raise ArgumentError(
            "`text_cnn` expects `widths` to be whole numbers, at least one. "
            f"Received: {widths!r}."
        )
    for width in widths:
        checks.check_positive("text_cnn", widths=width)
    inputs = keras.Input((length,), dtype="int32", name=name)
    x = embedded(
        "text_cnn",
        inputs,
        vocabulary_size,
        embedding,
        vectors,
        trainable,
        dropout=0.0,
    )
    mask = ops.not_equal(inputs, 0)
    x = KeepPresent()(x, mask)
    parts = [
        keras.layers.Conv1D(filters, width, padding="same", activation="relu")(
            x
        )
        for width in widths
    ]
    x = keras.layers.Concatenate()(parts) if len(parts) > 1 else parts[0]
    x = embedding_of(x, mask, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
