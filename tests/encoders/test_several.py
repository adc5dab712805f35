"""several: a set of values; order and what is absent are nothing."""

import keras
import numpy as np
import pytest

from mmfusion.encoders import several, text_gru, vector_mlp

POOLS = ("attention", "mean", "max")


def _values(*shape):
    return np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")


@pytest.mark.parametrize("pool", POOLS)
def test_the_order_does_not_matter(pool):
    encoder = several(vector_mlp(4, units=5), count=3, units=6, pool=pool)
    x, mask = _values(3, 4), np.array([[True, False, True], [True] * 3])
    turned = [2, 0, 1]
    given = encoder({"several": x, "mask": mask})
    again = encoder({"several": x[:, turned], "mask": mask[:, turned]})
    np.testing.assert_allclose(np.asarray(given), np.asarray(again), atol=1e-6)


@pytest.mark.parametrize("pool", POOLS)
def test_with_absent_ones_it_is_the_set_without_them(pool):
    one = vector_mlp(4, units=5)
    more = several(one, count=3, units=6, pool=pool)
    less = several(one, count=2, units=6, pool=pool, masked=False)
    less.set_weights(more.get_weights())
    x = _values(3, 4)
    x[:, 1] = np.nan
    mask = np.array([[True, False, True]] * 2)
    np.testing.assert_allclose(
        np.asarray(more({"several": x, "mask": mask})),
        np.asarray(less(x[:, [0, 2]])),
        atol=1e-6,
    )


def test_all_share_one_encoder_which_may_take_ids():
    one = text_gru(9, length=4, units=5, embedding=3)
    few, many = (several(one, n, units=6, pool="mean") for n in (2, 7))
    assert few.count_params() == many.count_params()
    ids = np.random.default_rng(0).integers(0, 9, (2, 2, 4)).astype("int32")
    assert few.input["several"].dtype == "int32"
    mask = np.ones((2, 2), bool)
    each = np.stack([np.asarray(one(ids[:, i])) for i in (0, 1)], axis=1)
    kernel, bias = few.layers[-1].get_weights()
    np.testing.assert_allclose(
        np.asarray(few({"several": ids, "mask": mask})),
        np.maximum(each.mean(axis=1) @ kernel + bias, 0),
        atol=1e-5,
    )
    ids[1, 1], mask[1, 1] = 10**6, False  # No table has it.
    answer = np.asarray(few({"several": ids, "mask": mask}))
    np.testing.assert_allclose(
        answer[1], np.maximum(each[1, 0] @ kernel + bias, 0), atol=1e-5
    )


def test_a_model_not_yet_built_is_refused():
    with pytest.raises(ValueError, match="built `keras.Model`.*Sequential"):
        several(keras.Sequential([keras.layers.Dense(3)]), count=2)


def test_settings_may_hold_settings():
    clip = {
        "name": "video_frames",
        "shape": (2, 4, 4, 1),
        "units": 5,
        "encoder": {"name": "image_cnn", "units": 3, "hidden": (2,)},
    }
    encoder = several(clip, count=2, units=6, masked=False)
    assert encoder(_values(2, 2, 4, 4, 1)).shape == (2, 6)
