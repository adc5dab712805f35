"""Canonical correlations against NumPy, scikit-learn and differences."""

import numpy as np
import pytest
from keras import ops

from mmfusion.ops import canonical_correlations, deep_cca
from tests.gradient import gradient


def _views(rows, dims, seed=0):
    """Two views with one common direction."""
    random = np.random.default_rng(seed)
    common = random.normal(size=(rows, 1))
    return [
        (random.normal(size=(rows, dim)) + 2 * common).astype("float32")
        for dim in dims
    ]


def _reference(x, y, r):
    """By inverse square roots, as the paper writes it, in float64."""
    x, y = (v.astype("float64") - v.mean(0) for v in (x, y))
    n = len(x) - 1

    def root(v):
        s = v.T @ v / n
        s += (r * np.trace(s) / len(s) + 1e-6) * np.eye(len(s))
        values, vectors = np.linalg.eigh(s)
        return vectors @ np.diag(values**-0.5) @ vectors.T

    return np.linalg.svd(root(x) @ (x.T @ y / n) @ root(y), compute_uv=False)


@pytest.mark.parametrize("rows,dims", [(40, (3, 5)), (4, (6, 7))])
@pytest.mark.parametrize("r", [1e-3, 1.0])
def test_as_the_paper_defines_it_in_float64(rows, dims, r):
    x, y = _views(rows, dims)
    found = ops.convert_to_numpy(canonical_correlations(x, y, None, r))
    np.testing.assert_allclose(found, _reference(x, y, r), atol=2e-4)
    total = float(deep_cca(x, y, regularization=r, num_components=2))
    np.testing.assert_allclose(total, -found[:2].sum(), rtol=1e-6)


def test_close_to_scikit_learn_without_regularisation():
    cross_decomposition = pytest.importorskip("sklearn.cross_decomposition")
    x, y = _views(60, (3, 4))
    fitted = cross_decomposition.CCA(n_components=3, max_iter=2000, tol=1e-9)
    a, b = fitted.fit_transform(x, y)
    expected = [np.corrcoef(a[:, i], b[:, i])[0, 1] for i in range(3)]
    found = canonical_correlations(x, y, regularization=1e-5)
    np.testing.assert_allclose(ops.convert_to_numpy(found), expected, atol=2e-4)


def test_scaling_and_shifting_a_view_changes_nothing():
    x, y = _views(40, (3, 3))
    expected = float(deep_cca(x, y))
    np.testing.assert_allclose(
        float(deep_cca(100 * x - 7, y)), expected, atol=1e-3
    )


def test_rows_left_out_count_nowhere_even_if_nan():
    x, y = _views(30, (3, 4))
    keep = np.arange(30) % 3 != 0
    expected = float(deep_cca(x[keep], y[keep]))
    x[~keep] = np.nan
    np.testing.assert_allclose(float(deep_cca(x, y, keep)), expected, atol=1e-5)
    found = gradient(lambda v: deep_cca(v, y, keep), x)
    assert np.isfinite(found).all()
    assert not found[~keep].any() and found[keep].any()


def test_gradient_is_that_of_differences():
    x, y = _views(12, (3, 2))
    found = gradient(lambda v: deep_cca(v, y, regularization=0.01), x)
    step = 1e-5
    for row, column in [(0, 0), (3, 1), (11, 2)]:
        change = np.zeros_like(x, dtype="float64")
        change[row, column] = step
        high, low = (
            -_reference(x + sign * change, y, 0.01).sum() for sign in (1, -1)
        )
        np.testing.assert_allclose(
            found[row, column], (high - low) / (2 * step), atol=1e-4
        )


@pytest.mark.parametrize("kind", ["few", "equal", "constant", "copies", "none"])
def test_gradient_is_finite_where_that_of_eigenvectors_is_not(kind):
    x, y = _views(5 if kind == "few" else 20, (8, 8))
    keep = None
    if kind == "equal":  # All correlations are one.
        y = x.copy()
    if kind == "constant":
        x = np.full_like(x, 3.0)
    if kind == "copies":  # One direction only.
        x = np.repeat(x[:, :1], 8, axis=1)
    if kind == "none":
        keep = np.zeros(20, bool)
    found = gradient(lambda v: deep_cca(v, y, keep, 1e-5), x)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 1e3
