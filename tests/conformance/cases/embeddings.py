"""Embeddings and probabilities of three modalities, with flags."""

import numpy as np

from tests.conformance.cases.case import floats


def embeddings():
    return {
        "embeddings": {
            "audio": floats(3, seed=1),
            "image": floats(5, seed=2),
            "text": floats(4, seed=3),
        },
        # The second row has all, the third nothing that is optional.
        "present": {
            "audio": np.array([True, True, False, False]),
            "text": np.array([False, True, False, True]),
        },
    }


def sequences():
    """Three sequences, one with a mask."""
    parts = pooled_and_sequences()
    parts["embeddings"]["image"] = floats(2, 5, seed=6)
    return parts


def pooled_and_sequences():
    """Two sequences, one with a mask, and one pooled embedding."""
    parts = embeddings()
    parts["embeddings"]["audio"] = floats(5, 3, seed=4)
    parts["embeddings"]["text"] = floats(4, 4, seed=5)
    parts["masks"] = {"text": np.arange(4) < np.array([[4], [3], [1], [2]])}
    return parts


def probabilities():
    def rows(seed):
        x = np.exp(floats(3, seed=seed))
        return x / x.sum(-1, keepdims=True)

    parts = embeddings()
    return {
        "embeddings": {
            name: rows(seed)
            for seed, name in enumerate(sorted(parts["embeddings"]))
        },
        "present": parts["present"],
    }
