"""Vectors that keep only their leading principal components."""

import numpy as np


class PrincipalComponents:
    """The fewest leading components that hold a share of the variance.

    The vectors are centred; the components are the eigenvectors of their
    covariance matrix with the largest eigenvalues.

    Args:
        vectors: array `(rows, dim)`, to which the components are fitted.
        variance: float in 0..1, the share of the variance to hold at least.

    Attributes:
        mean: float64 `(dim,)`.
        components: float64 `(count, dim)`, orthonormal rows.
        held: float, the share of the variance that they hold.

    Example:

    >>> points = np.array([[0, 0], [2, 1], [4, 2], [6, 3.5]])
    >>> fitted = PrincipalComponents(points, variance=0.9)
    >>> len(fitted.components), round(fitted.held, 4)
    (1, 0.9979)
    """

    def __init__(self, vectors, variance):
        vectors = np.asarray(vectors, "float64")
        self.mean = vectors.mean(axis=0)
        centred = vectors - self.mean
        # Ascending eigenvalues of a symmetric matrix.
        values, directions = np.linalg.eigh(centred.T @ centred)
        share = np.cumsum(values[::-1]) / values.sum()
        # The last sum may miss 1 by rounding.
        share[-1] = 1.0
        count = int(np.searchsorted(share, variance)) + 1
        self.components = directions[:, ::-1].T[:count]
        self.held = float(share[count - 1])

    def reconstruct(self, vectors):
        """What the components hold of each vector; float64 `(rows, dim)`."""
        centred = np.asarray(vectors, "float64") - self.mean
        return self.mean + (centred @ self.components.T) @ self.components
