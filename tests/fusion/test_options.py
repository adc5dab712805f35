"""Every option of every fusion and decision changes what it computes."""

import functools

import keras
import numpy as np
import pytest
from keras import ops

from mmfusion import checks, registry
from tests.conformance.cases.embeddings import probabilities, sequences

# For each option a value that is not its default.
CHANGED = {
    "activation": "tanh",
    "depth": 2,
    "dropout": 0.5,
    "factors": 3,
    "hidden": 12,
    "normalize": False,
    "num_heads": 2,
    "num_latents": 3,
    "num_layers": 3,
    "num_tokens": 2,
    "priors": [0.5, 0.3, 0.2],
    "rank": 3,
    "score": "cosine",
    "seed": 5,
    "target": "text",
    "units": 12,
    "width": 5,
}
# The same answer in another way, which has a test of its own.
SAME = {"transform"}
# Counts only where `score` is "cosine".
COSINE = {"score": "cosine", "temperature": 0.5}


def _options():
    for kind in ("fusion", "decision"):
        for name in registry.names(kind):
            thing = registry.get(kind, name)
            for option in checks.parameters(thing):
                if option not in SAME:
                    yield pytest.param(
                        kind, name, option, id=f"{name}-{option}"
                    )


def _outcome(kind, name, settings):
    """What a seeded layer gives in training, and the shapes of its weights."""
    keras.utils.set_random_seed(0)
    thing = registry.get(kind, name)
    needed = checks.parameters(thing)
    if "units" in needed:
        settings = {"units": 8, **settings}
    layer = thing(**settings)
    if kind == "decision":
        arguments = probabilities()
    else:
        arguments = sequences()
        if layer.embedding_rank == 2:
            x = arguments["embeddings"]
            pooled = {n: v.mean(1) if v.ndim == 3 else v for n, v in x.items()}
            arguments = {"embeddings": pooled}
    y = layer(**arguments, training=True)
    shapes = [tuple(weight.shape) for weight in layer.weights]
    return shapes, np.nan_to_num(ops.convert_to_numpy(y))


@functools.lru_cache(maxsize=2)
def _plain(kind, name, settings):
    found = _outcome(kind, name, dict(settings))
    again = _outcome(kind, name, dict(settings))
    np.testing.assert_array_equal(again[1], found[1])  # The seed sees to it.
    return found


@pytest.mark.variant  # On one backend; formulas and properties are on both.
@pytest.mark.parametrize(("kind", "name", "option"), list(_options()))
def test_it_changes_what_is_computed(kind, name, option):
    before, after = {}, {option: CHANGED.get(option)}
    if option == "temperature":
        before, after = {"score": "cosine"}, COSINE
    shapes, y = _plain(kind, name, tuple(before.items()))
    others, z = _outcome(kind, name, after)
    assert shapes != others or y.shape != z.shape or np.abs(y - z).max() > 1e-4
