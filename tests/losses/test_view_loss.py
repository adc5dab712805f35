"""Losses of several views: ids, rows left out, more than two views."""

import numpy as np
import pytest
from keras import ops

from mmfusion import losses
from mmfusion.ops import contrastive, cosine_similarity, deep_cca
from tests.gradient import gradient


def _views(rows=8, views=3, dim=2, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=(rows, views, dim)).astype("float32")


def test_contrastive_is_the_mean_over_pairs_of_views():
    v, ids = _views(), np.array([0, 1, 2, 0, 4, 5, 6, 7])
    same = ids[:, None] == ids[None, :]
    expected = np.mean(
        [
            ops.convert_to_numpy(
                contrastive(
                    cosine_similarity(v[:, a], v[:, b]), same, temperature=0.5
                )
            ).mean()
            for a, b in ((0, 1), (0, 2), (1, 2))
        ]
    )
    loss = losses.Contrastive(temperature=0.5)
    np.testing.assert_allclose(float(loss(ids[:, None], v)), expected, 1e-5)


def test_ids_above_what_float32_holds_stay_different():
    v = _views()
    loss = losses.Contrastive()
    ids = np.arange(8)
    expected = float(loss(ids, v))
    np.testing.assert_allclose(float(loss(ids + 2**24, v)), expected, 1e-6)


@pytest.mark.parametrize(
    "loss", [losses.DeepCCA(), losses.Contrastive(reduction="sum")]
)
def test_a_row_with_a_negative_id_is_left_out(loss):
    v = _views()
    ids = np.array([0, 1, 2, 3, 4, -1, 6, -2])
    keep = ids >= 0
    expected = float(loss(ids[keep], v[keep]))
    v[~keep] = np.nan
    np.testing.assert_allclose(float(loss(ids, v)), expected, rtol=1e-4)
    slope = gradient(lambda x: loss(ids, x), v)
    assert np.isfinite(slope).all()
    assert slope[keep].any() and not slope[~keep].any()


def test_deep_cca_is_the_mean_over_pairs_of_views():
    v = _views(20)
    expected = np.mean(
        [
            float(deep_cca(v[:, a], v[:, b], None, 0.1, 1))
            for a, b in ((0, 1), (0, 2), (1, 2))
        ]
    )
    found = losses.DeepCCA(regularization=0.1, num_components=1)
    np.testing.assert_allclose(float(found(np.arange(20), v)), expected, 1e-4)


@pytest.mark.parametrize(
    "loss", [losses.DeepCCA(0.1, 2), losses.Contrastive(0.3)]
)
def test_settings_survive_and_wrong_ones_are_refused(loss):
    again = type(loss).from_config(loss.get_config())
    assert again.get_config() == loss.get_config()
    with pytest.raises(ValueError, match="two views or more.*8, 1, 2"):
        loss(np.arange(8), _views(views=1))
    with pytest.raises(ValueError, match="between"):
        type(loss)(0.0)
