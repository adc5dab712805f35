import numpy as np
import pytest
from sklearn.decomposition import PCA

from mmfusion.data.datasets.principal import PrincipalComponents


def _vectors():
    rng = np.random.default_rng(0)
    return rng.standard_normal((200, 6)) * [5, 3, 2, 1, 0.5, 0.1] + 7


@pytest.mark.parametrize("variance", [0.25, 0.7, 0.95, 1.0])
def test_agrees_with_scikit_learn(variance):
    vectors = _vectors()
    found = PrincipalComponents(vectors, variance)
    theirs = PCA().fit(vectors)
    share = np.cumsum(theirs.explained_variance_ratio_)
    count = len(found.components)
    assert found.held == pytest.approx(share[count - 1])
    # The fewest: one less would not hold enough.
    assert found.held >= variance - 1e-12
    assert count == 1 or share[count - 2] < variance
    few = PCA(count).fit(vectors)
    np.testing.assert_allclose(
        found.reconstruct(vectors),
        few.inverse_transform(few.transform(vectors)),
        atol=1e-9,
    )


def test_all_of_the_variance_keeps_the_vectors():
    vectors = _vectors()
    found = PrincipalComponents(vectors, 1.0)
    np.testing.assert_allclose(found.reconstruct(vectors), vectors, atol=1e-9)


def test_other_vectors_are_centred_by_the_fitted_mean():
    fitted = PrincipalComponents(_vectors(), 0.5)
    mean = fitted.mean[None]
    np.testing.assert_allclose(fitted.reconstruct(mean), mean)
