"""A sequence to one embedding, by its steps alone or by their order, too."""

import functools

import keras
from keras import ops

from mmfusion import checks
from mmfusion.encoders.blocks import dense_stack
from mmfusion.encoders.steps import POOLS, embedding
from mmfusion.layers import LayerNorm, PositionEmbedding, TransformerBlock


def transformer(x, mask, num_layers, num_heads, dropout, hidden=None):
    """Positions, blocks of a Transformer and a last normalisation.

    Args:
        x: float KerasTensor `(batch, steps, dim)`.
        mask: bool KerasTensor `(batch, steps)`, or None: every step counts.
        num_layers: int.
        num_heads: int. Must divide `dim`.
        dropout: float in `[0, 1)`, in every block.
        hidden: int or None. Width inside the blocks; None: 4 times `dim`.

    Returns:
        Float KerasTensor of the shape of `x`.
    """
    checks.check_positive("encoder", num_layers=num_layers)
    x = PositionEmbedding()(x)
    for _ in range(num_layers):
        x = TransformerBlock(num_heads, hidden, dropout)(x, mask=mask)
    return LayerNorm(epsilon=1e-5)(x)


def _unordered(x, mask, units, dropout, num_layers, num_heads, unroll):
    return x


def _gru(x, mask, units, dropout, num_layers, num_heads, unroll):
    # With cuDNN the model would lose XLA.
    gru = keras.layers.GRU(
        units, return_sequences=True, use_cudnn=False, unroll=unroll
    )
    return gru(x, mask=mask)


def _transformer(x, mask, units, dropout, num_layers, num_heads, unroll):
    # So that the width does not depend on what encodes a step.
    x = keras.layers.Dense(units)(x)
    return transformer(x, mask, num_layers, num_heads, dropout)


def _last(x, mask, units, dropout):
    """The last state: a step that does not count hands the state on."""
    last = ops.take(x, -1, axis=1)  # However many steps there are.
    return dense_stack(last, (), units, dropout)


# How steps see each other, and how the outcome becomes one vector.
_WAYS = {
    "mean": (_unordered, functools.partial(embedding, pool="mean")),
    "attention": (_unordered, functools.partial(embedding, pool="attention")),
    "gru": (_gru, _last),
    "transformer": (_transformer, functools.partial(embedding, pool="mean")),
}


def join_steps(
    x,
    mask,
    over_time,
    pool,
    units,
    dropout,
    num_layers=1,
    num_heads=4,
    unroll=False,
):
    """A sequence to one embedding, or to one that knows its neighbours.

    Args:
        x: float KerasTensor `(batch, steps, dim)`, finite in steps that do
            not count.
        mask: bool KerasTensor `(batch, steps)`, or None: every step counts.
        over_time: `"mean"` or `"attention"`, to which the order of the steps
            is nothing; `"gru"` or `"transformer"`, which know it.
        pool: `"auto"`: the mean for `"mean"` and `"transformer"`, a learned
            weight for each step for `"attention"`, the last state for
            `"gru"`. `"mean"`, `"max"` or `"attention"` instead of it, or None
            for all steps.
        units: int. Width of the embedding, and of the GRU or Transformer.
        dropout: float in `[0, 1)`, before the last layer and in the blocks of
            a Transformer.
        num_layers: int. Blocks of the Transformer.
        num_heads: int. Heads of each block; must divide `units`.
        unroll: bool. Whether the GRU becomes a longer graph without a loop.

    Returns:
        Float KerasTensor `(batch, units)`; where `pool` is None a dict of
        `"sequence"`, float `(batch, steps, units)`, and `"mask"`, bool
        `(batch, steps)`.
    """
    checks.check_choice("encoder", "over_time", over_time, tuple(_WAYS))
    checks.check_choice("encoder", "pool", pool, ("auto", *POOLS))
    checks.check_positive("encoder", units=units)
    see, read = _WAYS[over_time]
    if pool != "auto":
        read = functools.partial(embedding, pool=pool)
    x = see(x, mask, units, dropout, num_layers, num_heads, unroll)
    return read(x, mask, units=units, dropout=dropout)
