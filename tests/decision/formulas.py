"""The decisions in NumPy, one row at a time, from what is present in it.

Each function gets the layer, its weights by name, and `p`, the probabilities
`(classes,)` of the modalities that are present, by name.
"""

import numpy as np


def _normal(p):
    return p / p.sum()


def average(layer, w, p):
    return np.mean(list(p.values()), axis=0)


def maximum(layer, w, p):
    return _normal(np.max(list(p.values()), axis=0))


def product(layer, w, p):
    classes = len(next(iter(p.values())))
    q = np.array(layer.priors or [1 / classes] * classes)
    return _normal(q * np.prod([x / q for x in p.values()], axis=0))


def vote(layer, w, p):
    votes = [np.eye(len(x))[x.argmax()] for x in p.values()]
    return np.mean(votes, axis=0)


def argmax(layer, w, p):
    total = np.sum(list(p.values()), axis=0)
    return np.eye(len(total))[total.argmax()]


def weighted(layer, w, p):
    scores = dict(zip(layer.modalities, w["scores"], strict=True))
    share = _normal(np.exp([scores[name] for name in p]))
    return share @ np.array(list(p.values()))
