"""What all alignments share: order, absence and masks."""

import keras
from keras import ops

from mmfusion import embedding_checks
from mmfusion.ops import keep_rows


class Alignment(keras.layers.Layer):
    """Named embeddings in, named embeddings out; subclasses write `align`.

    Stands between encoders and a fusion or a decision:
    `fusion_model(..., alignment=layer)`, or a list of them. With one modality
    it does what needs one only, so that a modality trained alone is the same
    model without the others.

    `align(embeddings, steps, here, training)` gets dicts in the order of
    `self.modalities` (sorted names), with zeros where a modality or a step is
    absent: `embeddings` of `(batch, dim)` or `(batch, steps, dim)`; `steps`
    of `(batch, steps)` bool for each sequence, which of its steps count;
    `here` of `(batch,)` bool, whether anything of the modality counts.

    Call arguments:
        embeddings: dict of modality name to float tensor `(batch, dim)` or
            `(batch, steps, dim)`.
        present: dict of modality name to bool tensor `(batch,)`. A modality
            that is not named is there in every row.
        masks: dict of modality name to bool tensor `(batch, steps)`. A
            sequence that is not named counts in full.

    Returns:
        Dict of modality name to float tensor; zeros in absent rows. Unless
        `keeps_steps` is False, sequences keep their steps and masks.
    """

    # Whether the masks of the sequences that went in fit what comes out.
    keeps_steps = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True  # Masks come by name, as arguments.

    def compute_mask(self, *args, **kwargs):
        return None

    def build(self, input_shape):
        embedding_checks.check_ranks(type(self).__name__, input_shape, rank=3)
        # Keras hands the dict over in the caller's order; weights must not
        # depend on it.
        self.modalities = tuple(sorted(input_shape))

    def call(self, embeddings, present=None, masks=None, training=None):
        present, masks = present or {}, masks or {}
        embedding_checks.check_modalities(
            type(self).__name__, embeddings, self.modalities
        )
        x, steps, here = {}, {}, {}
        for name in self.modalities:
            x[name], steps[name], here[name] = _counted(
                embeddings[name], masks.get(name), present.get(name)
            )
        aligned = self.align(
            x,
            {name: mask for name, mask in steps.items() if mask is not None},
            here,
            training,
        )
        answer = {}
        for name in self.modalities:
            keep = steps[name] if self.keeps_steps else None
            keep = here[name] if keep is None else keep
            answer[name] = keep_rows(keep, aligned[name])
        return answer

    def align(self, embeddings, steps, here, training):
        raise NotImplementedError(f"{type(self).__name__} has no `align`.")

    def compute_output_shape(self, input_shape):
        return dict(input_shape)


def _counted(x, mask, keep):
    """One modality with zeros where absent, its steps, and where it is."""
    if keep is None:
        keep = ops.ones(ops.shape(x)[:1], dtype="bool")
    if len(x.shape) == 2:
        return keep_rows(keep, x), None, keep
    if mask is None:
        mask = ops.ones(ops.shape(x)[:2], dtype="bool")
    mask = ops.logical_and(mask, keep[:, None])
    return keep_rows(mask, x), mask, ops.any(mask, axis=1)
