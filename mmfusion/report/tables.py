"""Numbers of the report: confusions, and scores of each class."""

import numpy as np


def confusion(targets, answers, classes):
    """Counts of what was true (row) against what was answered (column).

    Args:
        targets: int array `(rows,)`.
        answers: int array `(rows,)`.
        classes: int. Number of classes.

    Returns:
        Int array `(classes, classes)`.

    Example:

    >>> confusion([0, 0, 1], [0, 1, 1], classes=2).tolist()
    [[1, 1], [0, 1]]
    """
    cells = np.asarray(targets) * classes + np.asarray(answers)
    counts = np.bincount(cells, minlength=classes * classes)
    return counts.reshape(classes, classes)


def row_shares(matrix):
    """Each row divided by its sum, NaN where there is nothing to divide."""
    return _ratio(matrix, matrix.sum(axis=1, keepdims=True))


def class_scores(matrix) -> dict:
    """Precision, recall, F1 and support of each class.

        precision = right / answered, recall = right / true,
        F1 = 2 right / (answered + true)

    A ratio of nothing to nothing is NaN: a class that was never answered has
    no precision, and one that never occurs has no recall.

    Args:
        matrix: int array `(classes, classes)` from `confusion`.

    Returns:
        dict of name to array `(classes,)`.
    """
    right = np.diag(matrix)
    answered, true = matrix.sum(axis=0), matrix.sum(axis=1)
    return {
        "precision": _ratio(right, answered),
        "recall": _ratio(right, true),
        "f1": _ratio(2 * right, answered + true),
        "support": true,
    }


def most_confused(matrix, count=20) -> list:
    """The mistakes made most often, as `(true, answered, rows)`.

    Example:

    >>> most_confused(np.array([[5, 1, 0], [3, 5, 0], [0, 0, 9]]))
    [(1, 0, 3), (0, 1, 1)]
    """
    mistakes = matrix * (1 - np.eye(len(matrix), dtype=matrix.dtype))
    order = np.argsort(-mistakes, axis=None, kind="stable")[:count]
    pairs = zip(*np.unravel_index(order, matrix.shape), strict=True)
    return [
        (int(true), int(answer), int(mistakes[true, answer]))
        for true, answer in pairs
        if mistakes[true, answer]
    ]


def _ratio(top, bottom):
    bottom = np.broadcast_to(bottom, np.shape(top))
    out = np.full(np.shape(top), np.nan)
    return np.divide(top, bottom, out=out, where=bottom > 0)
