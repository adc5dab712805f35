"""Scores over seeds and folds, what they show, and tables of them."""

import platform

import keras
import numpy as np
import tensorflow as tf

import mmfusion as mm
from mmfusion import explain


def hits(result):
    """Which test rows were answered rightly: bool `(rows,)`."""
    return np.array([mark == "1" for mark in result["right"]])


def pooled(results):
    """The test rows of all seeds or folds, one after the other."""
    return np.concatenate([hits(result) for result in results])


def score(right, groups):
    """Accuracy with its 95 % interval over units, as text."""
    found = explain.bootstrap_interval(right, groups)
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def chosen(candidates):
    """The candidate of the best validation accuracy, then the least loss.

    Args:
        candidates: dict of name to result.
    """
    return max(
        candidates,
        key=lambda name: (
            candidates[name]["validation"][0],
            -candidates[name]["validation"][1],
        ),
    )


def against(right, others, groups):
    """Gains over others on the same rows, corrected for their number.

    Args:
        right: bool `(rows,)`.
        others: dict of name to bool `(rows,)`.
        groups: `(rows,)`, the unit of each row.

    Returns:
        Dict of name to `explain.Comparison`.
    """
    return explain.compare(
        {"label": right}, {"label": others}, groups, resamples=10_000
    )["label"]


def compared(comparison, p=None):
    """A gain with its interval and corrected p-value, as text.

    Args:
        comparison: `explain.Comparison`.
        p: float. Where it was corrected for others, too.
    """
    gain = comparison.gain
    p = comparison.adjusted if p is None else p
    return (
        f"{100 * gain.value:+.1f} ({100 * gain.low:+.1f} to "
        f"{100 * gain.high:+.1f}), p = {p:.2g}"
    )


def markdown(head, rows):
    """A table of cells."""
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join(lines)


def every():
    """All fusions and decisions by kind and name, as registered."""
    return [
        (kind, name)
        for kind in ("fusion", "decision")
        for name in mm.registry.names(kind)
    ]


def versions():
    """What a table was made with, a sentence in two lines."""
    return (
        f"mmfusion {mm.__version__}, Keras {keras.__version__}, TensorFlow "
        f"{tf.__version__},\nPython {platform.python_version()}, two CPU cores "
        f"({platform.machine()})."
    )
