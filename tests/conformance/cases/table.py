"""Rows of a table of one number and one category."""

import numpy as np


def table():
    return np.stack(
        [
            np.array([0.5, -1.0, 0.0, 2.0], "float32"),  # The number,
            np.array([0.0, 0.0, 1.0, 0.0], "float32"),  # whether missing,
            np.array([0.0, 1.0, 2.0, 3.0], "float32"),  # the category.
        ],
        axis=1,
    )
