"""Canonical correlations of two views of the same rows."""

from keras import ops

# Of an embedding that is the same in every row there is no correlation; this
# variance (a deviation of 1e-3) keeps the gradient bounded there.
_FLOOR = 1e-6


def canonical_correlations(x, y, keep=None, regularization=1e-3):
    """The correlations that linear maps of two views can have at most.

        S_xy = sum_i (x_i - m_x)(y_i - m_y)^T / (n - 1)    # (dim_x, dim_y)
        S_xx = the same of x and x, + (r mean variance + 1e-6) I
        T    = S_xx^(-1/2) S_xy S_yy^(-1/2)
        c    = singular values of T, falling               # (min of dims,)

    With Cholesky factors `S = L L^T` in place of the square roots, `T` is
    turned by rotations only and has the same singular values. Unlike those of
    eigenvectors, the gradients of both steps are finite where eigenvalues are
    equal, such as with fewer rows than dimensions.

    In float32 under every policy. FLOPs: about
    `n (dim_x + dim_y)^2 + 20 dim^3`; on XLA for a CPU the singular values of a
    width above 64 take seconds.

    Args:
        x: float tensor `(batch, dim_x)`.
        y: float tensor `(batch, dim_y)`.
        keep: bool tensor `(batch,)`. Rows left out count nowhere and may hold
            NaN. Defaults to all rows.
        regularization: float in `[1e-5, 1]`, `r`, in units of the mean
            variance of a view, so that scaling a view changes nothing. Below
            1e-5 float32 has no Cholesky factor with fewer rows than
            dimensions.

    Returns:
        Float32 tensor `(min(dim_x, dim_y),)` in `[0, 1]`; zeros with fewer
        than two rows. With fewer rows than dimensions `rows - 1` of them are
        close to one whatever the views hold.

    Example:

    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=(50, 3)).astype("float32")
    >>> c = canonical_correlations(x, x[:, :2] + 5, regularization=1e-5)
    >>> [round(float(v), 2) for v in c]
    [1.0, 1.0]
    """
    x, count = _centred(x, keep)
    y, _ = _centred(y, keep)
    left = ops.cholesky(_covariance(x, count, regularization))
    right = ops.cholesky(_covariance(y, count, regularization))
    t = ops.matmul(ops.transpose(x), y) / count  # (dim_x, dim_y)
    t = ops.solve_triangular(left, t, lower=True)
    t = ops.solve_triangular(right, ops.transpose(t), lower=True)
    return ops.svd(t, compute_uv=False)


def deep_cca(x, y, keep=None, regularization=1e-3, num_components=None):
    """Minus the sum of the canonical correlations of two views.

        loss = -sum_{i <= k} c_i    # c as in `canonical_correlations`

    With all of them it is minus the trace norm of `T`. A batch needs several
    times as many rows as dimensions; with fewer the correlations are high
    whatever the views hold.

    Args:
        x: float tensor `(batch, dim_x)`.
        y: float tensor `(batch, dim_y)`.
        keep: bool tensor `(batch,)`, rows in which both views are there.
        regularization: float, as in `canonical_correlations`.
        num_components: int or None: how many of the correlations, the highest
            first. Defaults to all.

    Returns:
        Float32 scalar in `[-k, 0]`.

    Example:

    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=(50, 3)).astype("float32")
    >>> round(float(deep_cca(x, 2 * x, regularization=1e-5)), 2)
    -3.0

    Reference:
        - [Andrew et al., 2013](
          https://proceedings.mlr.press/v28/andrew13.html). There the
          regularisation is an absolute number, which a network escapes by
          scaling its outputs up; here it is relative.
    """
    correlations = canonical_correlations(x, y, keep, regularization)
    return -ops.sum(correlations[:num_components])


def _centred(x, keep):
    """Rows minus their mean, zeros in rows left out, and `n - 1`."""
    x = ops.cast(ops.convert_to_tensor(x), "float32")
    if keep is None:
        keep = ops.ones_like(x[:, 0], dtype="bool")
    keep = ops.convert_to_tensor(keep, dtype="bool")[:, None]
    x = ops.where(keep, x, ops.zeros_like(x))
    rows = ops.sum(ops.cast(keep, "float32"))
    mean = ops.sum(x, axis=0, keepdims=True) / ops.maximum(rows, 1.0)
    x = ops.where(keep, x - mean, ops.zeros_like(x))
    return x, ops.maximum(rows - 1, 1.0)


def _covariance(x, count, regularization):
    """`(dim, dim)`, positive definite."""
    s = ops.matmul(ops.transpose(x), x) / count
    dim = x.shape[1]
    ridge = regularization * ops.trace(s) / dim + _FLOOR
    return s + ridge * ops.eye(dim, dtype="float32")
