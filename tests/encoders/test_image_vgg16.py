"""image_vgg16: the network of the paper, at any size."""

import keras
import numpy as np
import pytest

from mmfusion.encoders import image_vgg16
from tests.encoders.cost import flops, layers, trainable


def test_convolutions_are_those_of_keras_applications():
    encoder = image_vgg16((32, 32, 3), 1, hidden=(), normalization=None)
    reference = keras.applications.VGG16(
        weights=None, include_top=False, input_shape=(32, 32, 3)
    )
    assert trainable(encoder) - 513 == 14_714_688 == trainable(reference)
    assert round(flops(encoder) / 1e9, 2) == 0.63
    last = [np.eye(512)[:, :1], np.zeros(1)]
    encoder.set_weights([*reference.get_weights(), *last])
    x = np.random.default_rng(0).uniform(0, 1, (1, 32, 32, 3))
    np.testing.assert_allclose(
        np.asarray(encoder(x * 255))[:, 0],
        np.asarray(reference(x)).reshape(1, 512)[:, 0],
        rtol=1e-4,
        atol=1e-7,
    )


def test_every_normalisation_is_behind_every_convolution():
    for kind, norm in (
        ("batch", keras.layers.BatchNormalization),
        ("group", keras.layers.GroupNormalization),
    ):
        encoder = image_vgg16((32, 32, 1), 2, (), 1, normalization=kind)
        convolutions = layers(encoder, keras.layers.Conv2D)
        assert len(convolutions) == len(layers(encoder, norm)) == 13
        assert not any(layer.use_bias for layer in convolutions)


def test_places_and_dense_layers():
    for pool, inputs in (("flatten", 8 * 2 * 3), ("mean", 8), ("max", 8)):
        encoder = image_vgg16((64, 97, 3), 2, (5, 4), 1, pool=pool)
        dense = layers(encoder, keras.layers.Dense)
        assert [layer.kernel.shape for layer in dense] == [
            (inputs, 5),
            (5, 4),
            (4, 2),
        ]


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"32 x 32.*Received: shape=\(31, 40"):
        image_vgg16((31, 40, 3))
    with pytest.raises(ValueError, match="'flatten', 'mean', 'max'"):
        image_vgg16((32, 32, 3), pool="first")
    with pytest.raises(ValueError, match="'batch'.*Received: 'layer'"):
        image_vgg16((32, 32, 3), normalization="layer")
