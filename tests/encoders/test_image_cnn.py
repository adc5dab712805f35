"""image_cnn: what its options change."""

import numpy as np
import pytest

from mmfusion.encoders import image_cnn
from tests.encoders.cost import trainable


def test_cost_is_that_of_the_docstring():
    encoder = image_cnn((32, 32, 3))
    assert trainable(encoder) == 27856
    products = 32**2 * 27 * 16 + 16**2 * 9 * 16 * 32 + 8**2 * 9 * 32 * 64
    assert round(2 * (products + 64 * 64) / 1e6, 1) == 5.6


def test_scale_is_inside():
    encoder = image_cnn((8, 8, 3), units=4, hidden=(4,), normalization=None)
    plain = image_cnn(
        (8, 8, 3), units=4, hidden=(4,), normalization=None, scale=1.0
    )
    plain.set_weights(encoder.get_weights())
    x = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3))
    np.testing.assert_allclose(
        np.asarray(encoder(x)), np.asarray(plain(x / 255)), atol=1e-5
    )


def test_flatten_sees_where_and_mean_does_not():
    x = np.zeros((2, 8, 8, 1), "float32")
    x[0, 1, 1] = x[1, 5, 5] = 255.0
    for pool, sees in (("flatten", True), ("mean", False), ("max", False)):
        encoder = image_cnn((8, 8, 1), units=8, hidden=(4,), pool=pool)
        first, second = np.asarray(encoder(x))
        assert (not np.allclose(first, second, atol=1e-5)) == sees, pool


def test_places_are_a_sequence_row_by_row():
    settings = {"units": 2, "hidden": (4,), "normalization": None}
    every = image_cnn((4, 6, 1), pool=None, **settings)
    single = image_cnn((2, 2, 1), pool="max", **settings)
    kernel = np.zeros((3, 3, 1, 4), "float32")
    kernel[1, 1] = 1.0  # Each place by itself.
    weights = [kernel, *single.get_weights()[1:]]
    every.set_weights(weights)
    single.set_weights(weights)
    x = np.random.default_rng(0).uniform(0, 255, (1, 4, 6, 1))
    answer = every(x)
    assert np.asarray(answer["mask"]).tolist() == [[True] * 6]
    for place in range(6):
        row, column = 2 * (place // 3), 2 * (place % 3)
        np.testing.assert_allclose(
            np.asarray(answer["sequence"])[:, place],
            np.asarray(single(x[:, row : row + 2, column : column + 2])),
            atol=1e-5,
        )


def test_attention_is_a_weighted_mean_of_places():
    encoder = image_cnn((8, 8, 3), units=4, hidden=(4,), pool="attention")
    same = np.full((1, 8, 8, 3), 80.0, "float32")
    assert encoder.output_shape == (None, 4)
    assert np.isfinite(np.asarray(encoder(same))).all()


def test_batch_normalization_couples_rows_and_group_does_not():
    x = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3))
    for kind, couples in (("batch", True), ("group", False), (None, False)):
        encoder = image_cnn((8, 8, 3), units=32, normalization=kind)
        pair = np.asarray(encoder(x, training=True))[0]
        single = np.asarray(encoder(x[:1], training=True))[0]
        assert (not np.allclose(pair, single, atol=1e-4)) == couples, kind


def test_unknown_choices_are_named():
    with pytest.raises(ValueError, match="pool.*'flatten', 'mean', 'max'"):
        image_cnn((8, 8, 3), pool="sum")
    with pytest.raises(ValueError, match="normalization.*Received: 'layer'"):
        image_cnn((8, 8, 3), normalization="layer")
    with pytest.raises(ValueError, match="3 whole numbers"):
        image_cnn((8, 8))
