"""Products of steps of two modalities, weighted by one attention."""

import itertools

from keras import ops

from mmfusion import checks, registry
from mmfusion.fusion.base import Fusion, build_projections
from mmfusion.ops import keep_rows, l2_normalize, masked_softmax


@registry.register("fusion", "bilinear_attention")
class BilinearAttentionFusion(Fusion):
    """Sums products of steps, over all pairs of steps of two modalities.

    Where the class lies in which thing belongs to which: the word and the
    place of an image, the phoneme and the shape of the lips. One softmax runs
    over all pairs of steps, so that only the few that fit count.

        x_i, h_t = W_m e_mi + b_m, W_n e_nt + b_n          # (batch, units)
        a_it     = softmax_it(x_i . h_t / sqrt(units)), or
                   softmax_it(cos(x_i, h_t) / temperature)
        fused    = sum_i sum_t a_it x_i * h_t              # (batch, units)

    `*` is by element. With more than two modalities the sum and the softmax
    run over the pairs of steps of every two. Where one modality alone is
    present its partner is one step of ones, so that the sum is an attention
    over its own steps.

    Cost: `units * (sum of dims + M)` parameters, about as many as
    `ConcatFusion`; FLOPs of a row: two for each of them and step, and
    `4 units` for each pair of steps.

    At `units=64` and two sequences of ten steps of 64: 8320 parameters and 198
    kFLOPs a row, 1.0 and 12.0 times those of `ConcatFusion` of pooled ones.

    Args:
        units: int. Width of the fused embedding.
        score: `"dot"` or `"cosine"`. Defaults to `"dot"`.
        temperature: float above 0, of the cosine. Defaults to 0.1.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 7, 3)), "b": np.ones((2, 5))}
    >>> BilinearAttentionFusion(8, score="cosine")(x).shape[1]
    8

    Reference:
        - [Kim et al., 2018](https://arxiv.org/abs/1805.07932), a glimpse of
          bilinear attention; its scores have weights of their own.
    """

    embedding_rank = 3

    def __init__(self, units, score="dot", temperature=0.1, **kwargs):
        super().__init__(**kwargs)
        who = "BilinearAttentionFusion"
        checks.check_positive(who, units=units)
        checks.check_choice(who, "score", score, ("dot", "cosine"))
        checks.check_range(who, "temperature", temperature, 1e-3, 1e3)
        self.units = units
        self.score = score
        self.temperature = temperature

    def build(self, input_shape):
        super().build(input_shape)
        self.projections = build_projections(self, input_shape)

    def fuse(self, inputs, present, masks):
        steps = [
            keep_rows(mask, project(x))
            for mask, project, x in zip(
                masks, self.projections, inputs, strict=True
            )
        ]
        # One step more in each: the ones that stand in for what is absent.
        ones = ops.ones_like(steps[0][:, :1])
        steps = [ops.concatenate([x, ones], axis=1) for x in steps]
        count = len(steps)
        lonely = ops.sum(ops.cast(present, "int32"), axis=1)[:, None] < 2
        masks = [
            ops.concatenate([mask, lonely & ~present[:, i : i + 1]], axis=1)
            for i, mask in enumerate(masks)
        ]
        pairs = list(itertools.combinations(range(count), 2))
        if not pairs:  # One modality: its partner is the ones.
            steps.append(ones)
            masks.append(ops.ones_like(ones[..., 0], "bool"))
            pairs = [(0, 1)]
        scores, allowed = [], []
        for m, n in pairs:
            # Two that are absent are a pair only where nothing is present.
            some = ops.any(present, axis=1) == (
                present[:, m] | present[:, n % count]
            )
            keep = masks[m][:, :, None] & masks[n][:, None, :]
            scores.append(_flat(self._scores(steps[m], steps[n])))
            allowed.append(_flat(keep & some[:, None, None]))
        weights = masked_softmax(
            ops.concatenate(scores, axis=1), ops.concatenate(allowed, axis=1)
        )
        fused, start = 0.0, 0
        for (m, n), score in zip(pairs, scores, strict=True):
            stop = start + ops.shape(score)[1]
            shape = (-1, ops.shape(steps[m])[1], ops.shape(steps[n])[1])
            a = ops.reshape(weights[:, start:stop], shape)
            # (batch, steps of m, units): for each, what it is paired with.
            partner = ops.matmul(a, steps[n])
            fused = fused + ops.sum(steps[m] * partner, axis=1)
            start = stop
        return fused

    def _scores(self, x, h):
        if self.score == "cosine":
            x, h = l2_normalize(x), l2_normalize(h)
            scale = 1 / self.temperature
        else:
            scale = self.units**-0.5
        return ops.matmul(x, ops.swapaxes(h, 1, 2)) * scale

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "score": self.score,
            "temperature": self.temperature,
        }


def _flat(pairs):
    """`(batch, steps, steps)` as `(batch, steps * steps)`."""
    _, rows, columns = ops.shape(pairs)
    return ops.reshape(pairs, (-1, rows * columns))
