"""Modalities look at each other before they are fused."""

from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.layers.alignment import Alignment
from mmfusion.layers.cross_attention import CrossAttention


@registry.register("alignment", "cross_attention")
class CrossAttentionAlignment(Alignment):
    """Each modality attends to each of the others.

    For sequences that are not aligned in time, such as words and frames: every
    step of one finds what belongs to it in the others. A pooled embedding is a
    sequence of one step.

        y_ts = CrossAttention_ts(x_t, x_s), `depth` times, x_s as it came
        y_t  = x_t + mean_s (y_ts - x_t), over the sources s that are there
        y_t  = [y_ts1; y_ts2; ...], with merge="concat"

    A source that is absent or fully masked leaves the target as it is: out of
    the mean, and `x_t` in the concatenation. With one modality there is
    nothing to attend to.

    Parameters and FLOPs: those of `CrossAttention`, for each pair and depth;
    `M (M - 1)` pairs of M modalities.

    Args:
        num_heads: int. Must divide the width of every target. Defaults to 4.
        hidden: int or None. As in `CrossAttention`.
        depth: int. Blocks for each pair. Defaults to 1.
        merge: `"mean"`: widths stay; `"concat"`: a target is as many times
            wide as it has sources. Defaults to `"mean"`.
        pairs: list of `[target, source]` names, or None: all pairs. A modality
            that is no target stays as it is.
        dropout: float in `[0, 1)`, as in `CrossAttention`.

    Raises:
        ArgumentError: If `pairs` names a modality that is not there, or
            `num_heads` does not divide a width.

    Example:

    >>> import numpy as np
    >>> x = {"a": np.ones((2, 5, 4), "f"), "b": np.ones((2, 6), "f")}
    >>> y = CrossAttentionAlignment(num_heads=2)(x)
    >>> {name: tuple(part.shape) for name, part in y.items()}
    {'a': (2, 5, 4), 'b': (2, 6)}

    Reference:
        - [Tsai et al., 2019](https://arxiv.org/abs/1906.00295), which
          concatenates; the mean, and absence, are ours.
    """

    def __init__(
        self,
        num_heads=4,
        hidden=None,
        depth=1,
        merge="mean",
        pairs=None,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        who = "CrossAttentionAlignment"
        checks.check_positive(who, num_heads=num_heads, depth=depth)
        if hidden is not None:
            checks.check_positive(who, hidden=hidden)
        checks.check_choice(who, "merge", merge, ("mean", "concat"))
        checks.check_range(who, "dropout", dropout, 0, 0.99)
        self.num_heads = num_heads
        self.hidden = hidden
        self.depth = depth
        self.merge = merge
        self.pairs = None if pairs is None else _checked(who, pairs)
        self.dropout = dropout

    def build(self, input_shape):
        super().build(input_shape)
        self.sources = self._sources()
        self.blocks = {}
        for target, sources in self.sources.items():
            for source in sources:
                # Flat: Keras saves no layers in lists in a dict.
                for key in self._keys(target, source):
                    self.blocks[key] = self._block(
                        key, input_shape[target], input_shape[source]
                    )

    def _keys(self, target, source):
        return [f"{target}_from_{source}_{n}" for n in range(self.depth)]

    def _sources(self):
        """What each target attends to, by name, sorted."""
        names = self.modalities
        if len(names) == 1:
            return {names[0]: ()}
        if self.pairs is None:
            return {t: tuple(s for s in names if s != t) for t in names}
        for pair in self.pairs:
            for name in pair:
                checks.check_choice(type(self).__name__, "pairs", name, names)
        return {
            t: tuple(s for s in names if [t, s] in self.pairs) for t in names
        }

    def _block(self, name, target_shape, source_shape):
        block = CrossAttention(
            self.num_heads,
            self.hidden,
            self.dropout,
            dtype=self.dtype_policy,
            name=name,
        )
        block.build(target_shape, source_shape)
        return block

    def align(self, embeddings, steps, here, training):
        aligned = {}
        for target, sources in self.sources.items():
            x = embeddings[target]
            streams = []
            for source in sources:
                y = x
                for key in self._keys(target, source):
                    y = self.blocks[key](
                        y,
                        embeddings[source],
                        source_mask=steps.get(source, here[source]),
                        training=training,
                    )
                streams.append(y)
            if not streams:
                aligned[target] = x
            elif self.merge == "concat":
                aligned[target] = ops.concatenate(streams, axis=-1)
            else:
                count = sum(ops.cast(here[s], x.dtype) for s in sources)
                count = ops.reshape(
                    ops.maximum(count, 1), (-1,) + (1,) * (len(x.shape) - 1)
                )
                # Where a source is absent the difference is zero.
                aligned[target] = x + sum(y - x for y in streams) / count
        return aligned

    def compute_output_shape(self, input_shape):
        if self.merge == "mean":
            return dict(input_shape)
        return {
            name: (*shape[:-1], shape[-1] * max(len(self.sources[name]), 1))
            for name, shape in input_shape.items()
        }

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "hidden": self.hidden,
            "depth": self.depth,
            "merge": self.merge,
            "pairs": self.pairs and [list(pair) for pair in self.pairs],
            "dropout": self.dropout,
        }


def _checked(who, pairs):
    """Pairs of two different names, each pair once, as lists."""
    pairs = [list(pair) for pair in pairs]
    for pair in pairs:
        if len(pair) != 2 or pair[0] == pair[1] or pairs.count(pair) > 1:
            raise ArgumentError(
                f"`{who}` expects `pairs` to be different pairs of a target "
                f"and a source. Received: {pairs}."
            )
    return pairs
