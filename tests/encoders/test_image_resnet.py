"""image_resnet: the network of the paper, and what its options change."""

import keras
import numpy as np
import pytest

from mmfusion.encoders import image_resnet
from tests.encoders.cost import flops, layers, trainable


@pytest.mark.parametrize(
    ("depth", "millions", "exact", "mflops"),
    [(20, 0.27, 269722, 81), (32, 0.46, 464154, 138), (56, 0.85, 853018, 251)],
)
def test_parameters_are_those_of_the_paper(depth, millions, exact, mflops):
    encoder = image_resnet((32, 32, 3), units=10, depth=depth)
    # Convolutions, two numbers a normalised channel, the last layer.
    n = (depth - 2) // 6
    kernels = 9 * (3 * 16 + 2 * n * (16**2 + 32**2 + 64**2))
    kernels -= 9 * (16 * 32 + 32 * 64)  # The first of a stage has half.
    norms = 2 * (16 + 2 * n * (16 + 32 + 64))
    assert trainable(encoder) == kernels + norms + 64 * 10 + 10 == exact
    assert round(exact / 1e6, 2) == millions
    assert round(flops(encoder) / 1e6) == mflops
    assert len(layers(encoder, keras.layers.Conv2D)) + 1 == depth


def test_a_depth_that_is_no_6n_and_2_is_refused_with_the_rule():
    for depth in (2, 7, 18, 34):
        with pytest.raises(ValueError, match=rf"6 n \+ 2.*Received: {depth}"):
            image_resnet((8, 8, 3), depth=depth)
    with pytest.raises(ValueError, match="'pad', 'project'"):
        image_resnet((8, 8, 3), shortcut="identity")


def test_where_all_branches_are_zero_the_shortcuts_are_left():
    encoder = image_resnet((5, 6, 3), 4, 8, 2, pool=None, normalization=None)
    first, *others = layers(encoder, keras.layers.Conv2D)
    for layer in others:
        layer.kernel.assign(np.zeros(layer.kernel.shape))
    (dense,) = layers(encoder, keras.layers.Dense)
    dense.kernel.assign(np.random.default_rng(1).normal(size=(8, 4)))
    x = np.random.default_rng(0).uniform(0, 255, (2, 5, 6, 3))
    maps = keras.Model(encoder.input, first.output)(x)
    maps = np.maximum(np.asarray(maps), 0)[:, ::4, ::4]  # (2, 2, 2, 2)
    rows = np.pad(maps.reshape(2, 4, 2), [(0, 0), (0, 0), (0, 6)])
    np.testing.assert_allclose(
        np.asarray(encoder(x)["sequence"]),
        np.maximum(rows @ np.asarray(dense.kernel), 0),
        rtol=1e-4,
        atol=1e-5,
    )


def test_the_stride_keeps_branch_and_shortcut_on_the_same_place():
    # A kernel with one number in its centre is a shortcut of its own.
    encoder = image_resnet((8, 8, 1), 2, 8, 1, pool=None, normalization=None)
    for layer in layers(encoder, keras.layers.Conv2D):
        kernel = np.zeros(layer.kernel.shape)
        kernel[1, 1, 0, 0] = 1.0
        layer.kernel.assign(kernel)
    (dense,) = layers(encoder, keras.layers.Dense)
    dense.kernel.assign(np.ones(dense.kernel.shape))
    x = np.zeros((2, 8, 8, 1), "float32")
    x[0, 4, 4] = 255.0
    x[1, 5, 5] = 255.0
    seen, unseen = np.asarray(encoder(x)["sequence"])
    np.testing.assert_allclose(seen[:, 0], [0, 0, 0, 8], atol=1e-5)
    np.testing.assert_array_equal(unseen, 0)


@pytest.mark.parametrize("depth", [20, 56])
def test_without_a_norm_deep_networks_start_at_the_same_scale(depth):
    keras.utils.set_random_seed(0)
    encoder = image_resnet((16, 16, 3), depth=depth, normalization=None)
    x = np.random.default_rng(0).uniform(0, 255, (8, 16, 16, 3))
    first, *_, last = (
        layer.output
        for layer in layers(encoder, keras.layers.Activation)
        if layer.activation.__name__ == "relu"
    )
    first, last = (
        float(np.asarray(keras.Model(encoder.input, part)(x)).std())
        for part in (first, last)
    )
    assert 0.1 < last / first < 4


def test_pooling_is_over_the_places():
    x = np.random.default_rng(0).uniform(0, 255, (2, 9, 7, 3))
    every = image_resnet((9, 7, 3), 4, 8, 2, pool=None)
    answer = every(x)
    assert answer["sequence"].shape == (2, 3 * 2, 4)
    assert np.asarray(answer["mask"]).all()
    (reshape,) = layers(every, keras.layers.Reshape)
    maps = np.asarray(keras.Model(every.input, reshape.input)(x))
    (dense,) = layers(every, keras.layers.Dense)
    kernel = np.asarray(dense.kernel)
    for pool, reduce in (("mean", np.mean), ("max", np.max)):
        encoder = image_resnet((9, 7, 3), 4, 8, 2, pool=pool)
        encoder.set_weights(every.get_weights())
        np.testing.assert_allclose(
            np.asarray(encoder(x)),
            np.maximum(reduce(maps, axis=(1, 2)) @ kernel, 0),
            atol=1e-5,
        )
