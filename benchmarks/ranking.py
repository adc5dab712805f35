"""How well scores rank the rows of one class above the others."""

import numpy as np


def area(labels, scores, counts=None):
    """The area under the ROC curve: how often a positive row is above another.

    Args:
        labels: int array `(rows,)` of 0 and 1.
        scores: float array `(rows,)`; equal ones count a half.
        counts: array `(samples, rows)`, how often each row is in each sample.
            Defaults to each row once.

    Returns:
        Float array `(samples,)`; a float where `counts` is None.
    """
    labels, scores = np.asarray(labels), np.asarray(scores)
    once = counts is None
    counts = np.ones((1, len(labels))) if once else np.asarray(counts)
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.diff(scores[order], prepend=np.nan) != 0)
    here = counts[:, order].astype("float64")
    positive = np.add.reduceat(here * (labels[order] == 1), starts, axis=1)
    negative = np.add.reduceat(here * (labels[order] == 0), starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative / 2
    found = (positive * below).sum(axis=1)
    found /= positive.sum(axis=1) * negative.sum(axis=1)
    return float(found[0]) if once else found


class Samples:
    """Bootstrap samples of rows, the same for all models that are compared.

    Args:
        labels: int array `(rows,)` of 0 and 1.
        resamples: int.
        seed: int.
    """

    def __init__(self, labels, resamples=2000, seed=0):
        self.labels = labels
        rows = len(labels)
        rng = np.random.default_rng(seed)
        drawn = rng.multinomial(rows, np.full(rows, 1 / rows), size=resamples)
        self.counts = drawn.astype("uint8")

    def areas(self, models):
        """The mean area of several models on all rows, then on each sample.

        Args:
            models: list of score arrays `(rows,)`, such as one a seed.

        Returns:
            Float array `(1 + resamples,)`.
        """
        return np.mean(
            [
                [area(self.labels, s), *area(self.labels, s, self.counts)]
                for s in models
            ],
            axis=0,
        )


def interval(areas):
    """`(value, low, high)`, of 95 %, of what `Samples.areas` gave.

    Differences of such arrays are paired: they are of the same rows.
    """
    low, high = np.quantile(areas[1:], [0.025, 0.975])
    return float(areas[0]), float(low), float(high)
