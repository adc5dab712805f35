"""The dropout of every encoder acts in training, and only there."""

import numpy as np
import pytest

from mmfusion import encoders

MAKERS = {
    "audio_cnn": lambda d: encoders.audio_cnn((8, 8), units=32, dropout=d),
    "audio_transformer": lambda d: encoders.audio_transformer(
        (16, 8), units=32, embedding=8, num_layers=1, dropout=d
    ),
    "image_backbone": lambda d: encoders.image_backbone(
        "VGG16", (32, 32, 1), units=32, dropout=d
    ),
    "image_cnn": lambda d: encoders.image_cnn((8, 8, 1), units=32, dropout=d),
    "image_resnet": lambda d: encoders.image_resnet(
        (8, 8, 1), units=32, depth=8, width=4, dropout=d
    ),
    "image_vgg16": lambda d: encoders.image_vgg16(
        (32, 32, 1), units=32, hidden=(), width=4, dropout=d
    ),
    "image_vit": lambda d: encoders.image_vit(
        (8, 8, 1), units=32, embedding=8, num_layers=1, dropout=d
    ),
    "several": lambda d: encoders.several(
        encoders.vector_mlp(9), 3, units=32, masked=False, dropout=d
    ),
    "tabular_mlp": lambda d: encoders.tabular_mlp(2, units=32, dropout=d),
    "tabular_transformer": lambda d: encoders.tabular_transformer(
        2, units=32, embedding=8, num_layers=1, dropout=d
    ),
    "text_bag": lambda d: encoders.text_bag(9, units=32, dropout=d),
    "text_cnn": lambda d: encoders.text_cnn(9, 4, units=32, dropout=d),
    "text_gru": lambda d: encoders.text_gru(9, 4, units=32, dropout=d),
    "text_transformer": lambda d: encoders.text_transformer(
        9, 4, units=32, embedding=8, num_layers=1, dropout=d
    ),
    "text_vectors": lambda d: encoders.text_vectors(9, 4, units=32, dropout=d),
    "vector_mlp": lambda d: encoders.vector_mlp(9, units=32, dropout=d),
    "vector_sequence": lambda d: encoders.vector_sequence(
        (3, 9), units=32, dropout=d
    ),
    "video_cnn3d": lambda d: encoders.video_cnn3d(
        (3, 8, 8, 1), units=32, dropout=d
    ),
    "video_frames": lambda d: encoders.video_frames(
        (3, 8, 8, 1), units=32, dropout=d
    ),
    "waveform_cnn": lambda d: encoders.waveform_cnn(64, units=32, dropout=d),
}


@pytest.mark.variant
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_dropout_acts_in_training_only(name):
    encoder = MAKERS[name](0.5)
    assert sorted(MAKERS) == encoders.__all__
    kind = encoder.inputs[0].dtype
    shape = encoder.inputs[0].shape[1:]
    row = np.random.default_rng(0).uniform(0, 8, shape)
    x = np.stack([row, row, row[::-1], -row]).clip(0).astype(kind)
    plain = np.asarray(encoder(x))
    np.testing.assert_array_equal(np.asarray(encoder(x)), plain)
    # Two rows that are the same differ only by what is dropped.
    first, second = np.asarray(encoder(x, training=True))[:2]
    assert not np.allclose(first, second)
    without = np.asarray(MAKERS[name](0.0)(x, training=True))
    np.testing.assert_allclose(without[0], without[1], atol=1e-5)
