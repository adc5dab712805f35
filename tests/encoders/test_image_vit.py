"""image_vit: patches, places and what is read out."""

import keras
import numpy as np
import pytest

from mmfusion.encoders import image_vit
from mmfusion.layers import PositionEmbedding
from tests.encoders.cost import flops, layers, trainable

SMALL = {"embedding": 4, "num_layers": 1, "num_heads": 2}


def test_cost_is_that_of_the_docstring():
    encoder = image_vit((32, 32, 3))
    patches, dim, blocks = 64, 64, 4
    # Two norms and the biases: of four projections and a network 4 wide.
    block = 12 * dim**2 + 4 * dim + 4 * dim + 4 * dim + dim
    patch = 48 * dim + dim
    assert trainable(encoder) == (
        patch + patches * dim + blocks * block + 2 * dim + dim * 64 + 64
    )
    assert round(trainable(encoder), -3) == 211_000
    products = blocks * (24 * patches * dim**2 + 4 * patches**2 * dim)
    assert flops(encoder) == products + 2 * patches * 48 * dim + 2 * dim * 64
    assert round(flops(encoder) / 1e6) == 30
    assert round(blocks * 4 * patches**2 * dim / 1e6) == 4


def test_each_patch_is_one_token():
    encoder = image_vit((6, 4, 3), 2, patch=(3, 2), pool=None, **SMALL)
    (patches,) = layers(encoder, keras.layers.Reshape)
    tokens = keras.Model(encoder.input, patches.output)
    (projection,) = layers(encoder, keras.layers.Conv2D)
    x = np.random.default_rng(0).uniform(0, 255, (2, 6, 4, 3))
    kernel = np.asarray(projection.kernel).reshape(3 * 2 * 3, 4)
    expected = [
        (x[:, i : i + 3, j : j + 2] / 255).reshape(2, -1) @ kernel
        for i in (0, 3)
        for j in (0, 2)
    ]
    np.testing.assert_allclose(
        np.asarray(tokens(x)), np.stack(expected, axis=1), atol=1e-5
    )
    assert encoder(x)["sequence"].shape == (2, 4, 2)


def test_without_places_the_order_of_patches_does_not_count():
    x = np.random.default_rng(0).uniform(0, 255, (1, 4, 4, 1))
    turned = np.concatenate([x[:, 2:], x[:, :2]], axis=1)
    for pool in ("mean", "max", "token"):
        encoder = image_vit((4, 4, 1), 8, patch=(2, 2), pool=pool, **SMALL)
        (places,) = layers(encoder, PositionEmbedding)
        shape = places.positions.shape
        assert shape == ((5, 4) if pool == "token" else (4, 4))
        # Where no output is negative, none is lost behind the ReLU.
        encoder.layers[-1].bias.assign(np.full(8, 9.0))
        places.positions.assign(np.zeros(shape))
        answers = [np.asarray(encoder(part)) for part in (x, turned)]
        np.testing.assert_allclose(*answers, atol=1e-5)
        places.positions.assign(np.random.default_rng(1).normal(size=shape))
        answers = [np.asarray(encoder(part)) for part in (x, turned)]
        assert not np.allclose(*answers, atol=1e-3)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"\(4, 5\) for shape=\(8, 8, 3\)"):
        image_vit((8, 8, 3), patch=(4, 5))
    with pytest.raises(ValueError, match="`patch` to be 2 whole numbers"):
        image_vit((8, 8, 3), patch=4)
    with pytest.raises(ValueError, match="3 heads divide"):
        image_vit((8, 8, 3), num_heads=3)
    with pytest.raises(ValueError, match="'token', 'mean'"):
        image_vit((8, 8, 3), pool="flatten")
