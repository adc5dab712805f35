"""What all fusions share: order, absence and masks."""

import keras
from keras import ops

from mmfusion import embedding_checks
from mmfusion.ops import keep_rows


class Fusion(keras.layers.Layer):
    """Named embeddings in, one embedding out; subclasses write `fuse`.

    A subclass has `units`, the width of the outcome, and `embedding_rank`: 2,
    or 3 where it takes steps. `fuse(inputs, present, masks)` gets lists in the
    order of `self.modalities` (sorted names), with zeros where a modality or a
    step is absent: `inputs` of `(batch, dim)`, or `(batch, steps, dim)` for
    rank 3; `present` `(batch, modalities)` bool; `masks` of `(batch, steps)`
    bool.

    Call arguments:
        embeddings: dict of modality name to float tensor, `(batch, dim)` or,
            with `embedding_rank` 3, `(batch, steps, dim)`.
        present: dict of modality name to bool tensor `(batch,)`. A modality
            that is not named is there in every row.
        masks: dict of modality name to bool tensor `(batch, steps)`. A
            sequence that is not named counts in full.

    Returns:
        Float tensor `(batch, units)`. A row with nothing present gets one
        constant finite answer.
    """

    embedding_rank = 2

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # Masks come by name, as arguments.

    def compute_mask(self, *args, **kwargs):
        return None

    def build(self, input_shape):
        embedding_checks.check_ranks(
            type(self).__name__, input_shape, self.embedding_rank
        )
        # Keras hands the dict over in the caller's order; weights must not
        # depend on it.
        self.modalities = tuple(sorted(input_shape))

    # Keras hands `training` on to the layers that `fuse` calls.
    def call(self, embeddings, present=None, masks=None, training=None):
        present, masks = present or {}, masks or {}
        who = type(self).__name__
        embedding_checks.check_modalities(who, embeddings, self.modalities)
        embedding_checks.check_flags(
            who, "present", present, self.modalities, 1
        )
        embedding_checks.check_flags(who, "masks", masks, self.modalities, 2)
        inputs = [embeddings[name] for name in self.modalities]
        everywhere = ops.ones(ops.shape(inputs[0])[:1], dtype="bool")
        here = [present.get(name, everywhere) for name in self.modalities]
        steps = [masks.get(name) for name in self.modalities]
        if self.embedding_rank == 3:
            towers = [
                _as_steps(*tower)
                for tower in zip(inputs, steps, here, strict=True)
            ]
            inputs, steps = map(list, zip(*towers, strict=True))
            # Without a step that counts there is nothing of a modality.
            here = [ops.any(mask, axis=1) for mask in steps]
        else:
            inputs = [
                keep_rows(keep, x) if name in present else x
                for name, keep, x in zip(
                    self.modalities, here, inputs, strict=True
                )
            ]
        fuse = self.fuse_in_training if training else self.fuse
        return fuse(inputs, ops.stack(here, axis=1), steps)

    def fuse(self, inputs, present, masks):
        raise NotImplementedError(f"{type(self).__name__} has no `fuse`.")

    def fuse_in_training(self, inputs, present, masks):
        """What a fusion that has no gradient does in its stead."""
        return self.fuse(inputs, present, masks)

    def compute_output_shape(self, input_shape):
        return (next(iter(input_shape.values()))[0], self.units)


def build_projections(
    layer, input_shape, activation=None, units=None, prefix="project", **options
):
    """A `Dense` for each modality, built, in sorted order.

    Args:
        layer: a `Fusion` that knows its modalities.
        input_shape: dict of modality name to shape: of all, or of some.
        activation: name of the activation of each, or None.
        units: int. Their width. Defaults to that of the fusion.
        prefix: str. They are named `<prefix>_<modality>`.
        **options: further arguments of `Dense`.

    Returns:
        List of `keras.layers.Dense`.
    """
    projections = []
    for name in sorted(input_shape):
        project = keras.layers.Dense(
            units or layer.units,
            activation=activation,
            dtype=layer.dtype_policy,
            name=f"{prefix}_{name}",
            **options,
        )
        project.build((None, input_shape[name][-1]))
        projections.append(project)
    return projections


def _as_steps(x, mask, keep):
    """One modality as `(batch, steps, dim)`, and which steps count."""
    if len(x.shape) == 2:  # A pooled embedding is one step.
        x, mask = x[:, None, :], None
    if mask is None:
        mask = ops.ones(ops.shape(x)[:2], dtype="bool")
    mask = ops.logical_and(mask, keep[:, None])
    return ops.where(mask[..., None], x, ops.zeros_like(x)), mask
