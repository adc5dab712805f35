"""Numbers of the report: of classes, of labels and of errors."""

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


def label_scores(targets, predictions, threshold) -> dict:
    """Precision, recall, F1 and average precision of each label.

    A ratio of nothing to nothing is NaN, as in `class_scores`.

    Args:
        targets: array `(rows, labels)` of 0 and 1.
        predictions: float array `(rows, labels)`.
        threshold: float. A label is answered where it is exceeded.

    Returns:
        dict of `"precision"`, `"recall"`, `"f1"`, `"average_precision"`,
        `"support"` and `"prevalence"` to array `(labels,)`; of `"micro"` to the
        first three of all labels as one; of `"true"` and `"answered"` to the
        mean number of labels a row.
    """
    true = np.asarray(targets) > 0.5
    given = np.asarray(predictions) > threshold
    both = (true & given).sum(0)
    answered, support = given.sum(0), true.sum(0)
    total = both.sum(), answered.sum(), support.sum()
    return {
        "precision": _ratio(both, answered),
        "recall": _ratio(both, support),
        "f1": _ratio(2 * both, answered + support),
        "average_precision": np.array(
            [
                average_precision(t, p)
                for t, p in zip(true.T, np.asarray(predictions).T, strict=True)
            ]
        ),
        "support": support,
        "prevalence": true.mean(0),
        "micro": (
            float(_ratio(total[0], total[1])),
            float(_ratio(total[0], total[2])),
            float(_ratio(2 * total[0], total[1] + total[2])),
        ),
        "true": float(true.sum(1).mean()),
        "answered": float(given.sum(1).mean()),
    }


def average_precision(true, scores) -> float:
    """The mean of the precisions at which a row with the label is found.

        AP = sum_n (R_n - R_{n-1}) P_n

    over the distinct scores, from the highest down; NaN where no row has it.

    Args:
        true: bool array `(rows,)`.
        scores: float array `(rows,)`.

    Example:

    >>> average_precision(np.array([True, False, True]), np.array([3, 2, 1]))
    0.8333333333333333
    """
    if not true.any():
        return np.nan
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)  # Of equal scores.
    found = np.cumsum(true[order])[last]
    precision = found / (np.flatnonzero(last) + 1)
    steps = np.diff(found, prepend=0) / true.sum()
    return float(np.sum(steps * precision))


def value_scores(true, predicted) -> dict:
    """How far numbers are from the true ones.

    Args:
        true: float array `(rows,)`.
        predicted: float array `(rows,)`.

    Returns:
        dict of `"mae"`, `"rmse"`, `"bias"`, `"r2"` (NaN where the true ones are
        all the same) to float, and of `"errors"` to the size of each error.
    """
    error = predicted - true
    total = np.sum(np.square(true - true.mean()))
    left = np.sum(np.square(error))
    return {
        "mae": float(np.mean(np.abs(error))),
        "rmse": float(np.sqrt(np.mean(np.square(error)))),
        "bias": float(np.mean(error)),
        "r2": float(1 - left / total) if total > 0 else np.nan,
        "errors": np.abs(error),
    }


def error_groups(true, predicted, count=5) -> list:
    """Errors of rows with small predictions, up to those with large ones.

    Args:
        true, predicted: float arrays `(rows,)`.
        count: int. At most so many groups, of about as many rows.

    Returns:
        list of dicts of `"low"` and `"high"`, of the predictions, `"rows"`,
        `"bias"`, `"mae"` and `"worst"`.
    """
    order = np.argsort(predicted, kind="stable")
    groups = []
    for rows in np.array_split(order, min(count, len(order))):
        error = predicted[rows] - true[rows]
        groups.append(
            {
                "low": float(predicted[rows].min()),
                "high": float(predicted[rows].max()),
                "rows": len(rows),
                "bias": float(error.mean()),
                "mae": float(np.abs(error).mean()),
                "worst": float(np.abs(error).max()),
            }
        )
    return groups


def _ratio(top, bottom):
    bottom = np.broadcast_to(bottom, np.shape(top))
    out = np.full(np.shape(top), np.nan)
    return np.divide(top, bottom, out=out, where=bottom > 0)
