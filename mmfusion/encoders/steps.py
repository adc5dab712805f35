"""What encoders of sequences share: their mask, and one vector or all steps."""

import keras
from keras import ops

from mmfusion import checks
from mmfusion.encoders.blocks import dense_stack
from mmfusion.layers import AttentionPool, MaxPool, MeanPool

_LAYERS = {"mean": MeanPool, "max": MaxPool, "attention": AttentionPool}
POOLS = (*_LAYERS, None)


def mask_input(steps):
    """The input that says which steps count: `(batch, steps)` bool."""
    return keras.Input((steps,), dtype="bool", name="mask")


def all_steps(x):
    """A mask in which every step counts.

    Args:
        x: KerasTensor `(batch, steps, ...)`.

    Returns:
        Bool KerasTensor `(batch, steps)`.
    """
    while len(x.shape) > 2:
        # Not `x[..., 0]`: a tuple in a config comes back as a list.
        x = ops.take(x, 0, axis=-1)
    return ops.ones_like(x, dtype="bool")


def embedding(x, mask, pool, units, dropout, hidden=()):
    """A sequence to one embedding, or to one embedding for each step.

    Args:
        x: float KerasTensor `(batch, steps, dim)`.
        mask: bool KerasTensor `(batch, steps)`, or None: every step counts.
        pool: `"mean"`, `"max"`, `"attention"` (a learned weight for each
            step), or None for all steps.
        units: int. Width of the embedding.
        dropout: float in `[0, 1)`, before the last layer.
        hidden: tuple of int. Widths of the layers before the last.

    Returns:
        Float KerasTensor `(batch, units)`; where `pool` is None a dict of
        `"sequence"`, float `(batch, steps, units)`, and `"mask"`, bool
        `(batch, steps)`.
    """
    checks.check_choice("encoder", "pool", pool, POOLS)
    if pool is None:
        mask = all_steps(x) if mask is None else mask
        return {
            "sequence": dense_stack(x, hidden, units, dropout),
            "mask": mask,
        }
    return dense_stack(_LAYERS[pool]()(x, mask=mask), hidden, units, dropout)
