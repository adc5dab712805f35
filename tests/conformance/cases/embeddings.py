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
