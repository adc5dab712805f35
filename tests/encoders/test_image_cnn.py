"""image_cnn: what its options change."""

import numpy as np
import pytest

from mmfusion.encoders import image_cnn


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


def test_batch_normalization_couples_rows_and_group_does_not():
    x = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3))
    for kind, couples in (("batch", True), ("group", False), (None, False)):
        encoder = image_cnn((8, 8, 3), units=4, normalization=kind)
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
