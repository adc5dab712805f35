"""Layers that bring modalities to a common space."""

import keras
import numpy as np

import mmfusion as mm
from tests.conformance.cases.case import Case, floats, steps_that_count


class AlignmentCase(Case):
    """A layer on a dict of embeddings; as a model it has one output."""

    def model(self):
        model = super().model()
        parts = [
            keras.layers.Flatten(dtype=x.dtype)(x)
            for _, x in sorted(model.output.items())
        ]
        joined = keras.layers.Concatenate(dtype=parts[0].dtype)(parts)
        return keras.Model(model.input, joined, name=model.name)


def _arguments():
    """Two sequences and a vector, with flags and masks."""
    return {
        "embeddings": {
            "audio": floats(5, 4, seed=1),
            "image": floats(4, seed=2),
            "text": floats(3, 4, seed=3),
        },
        # The second row has all, the third nothing that is optional.
        "present": {
            "audio": np.array([True, True, False, False]),
            "text": np.array([False, True, False, True]),
        },
        "masks": {
            "audio": steps_that_count(5),
            "text": steps_that_count(3),
        },
    }


def _two():
    return {
        "x": floats(3, 4),
        "source": floats(5, 6, seed=1),
        "source_mask": steps_that_count(5),
    }


def _case(name, create, variant=""):
    return AlignmentCase(name, create, _arguments, "alignment", variant)


ALIGNMENTS = [
    _case(
        "contrastive",
        lambda: mm.layers.ContrastiveAlignment(temperature=0.5),
    ),
    _case(
        "contrastive",
        lambda: mm.layers.ContrastiveAlignment(1.0, 0.5, True),
        "learned",
    ),
    _case(
        "cross_attention",
        # Of a source of one step the queries and keys learn nothing.
        lambda: mm.layers.CrossAttentionAlignment(
            2, hidden=3, pairs=[["audio", "text"], ["image", "audio"]]
        ),
    ),
    _case(
        "cross_attention",
        lambda: mm.layers.CrossAttentionAlignment(
            2, hidden=3, depth=2, merge="concat", pairs=[["image", "text"]]
        ),
        "concat",
    ),
    _case("deep_cca", mm.layers.DeepCCAAlignment),
    _case("projection", lambda: mm.layers.ProjectionAlignment(3)),
    _case("resampler", lambda: mm.layers.ResamplerAlignment(2, num_heads=2)),
    _case(
        "resampler",
        lambda: mm.layers.ResamplerAlignment(
            2, units=6, depth=2, num_heads=2, pool="concat"
        ),
        "concat",
    ),
    _case(
        "shared_projection",
        lambda: mm.layers.SharedProjectionAlignment(3, activation="gelu"),
    ),
    _case(
        "shared_projection",
        lambda: mm.layers.SharedProjectionAlignment(3, 2, normalize=True),
        "width",
    ),
]
CASES = [
    Case(
        "CrossAttention",
        lambda: mm.layers.CrossAttention(num_heads=2, hidden=3),
        _two,
        "layer",
    ),
    Case(
        "Projection",
        lambda: mm.layers.Projection(3, normalize=True),
        lambda: {"x": floats(4)},
        "layer",
    ),
    Case(
        "Resampler",
        lambda: mm.layers.Resampler(2, units=8, num_heads=2),
        lambda: {"x": floats(5, 4), "mask": steps_that_count(5)},
        "layer",
    ),
]
