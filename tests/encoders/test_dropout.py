"""The dropout of every encoder acts in training, and only there."""

import numpy as np
import pytest

from mmfusion import encoders

MAKERS = {
    "audio_cnn": lambda d: encoders.audio_cnn((8, 8), units=32, dropout=d),
    "image_cnn": lambda d: encoders.image_cnn((8, 8, 1), units=32, dropout=d),
    "tabular_mlp": lambda d: encoders.tabular_mlp(2, units=32, dropout=d),
    "text_bag": lambda d: encoders.text_bag(9, units=32, dropout=d),
    "text_cnn": lambda d: encoders.text_cnn(9, 4, units=32, dropout=d),
    "text_gru": lambda d: encoders.text_gru(9, 4, units=32, dropout=d),
    "text_transformer": lambda d: encoders.text_transformer(
        9, 4, units=32, embedding=8, num_layers=1, dropout=d
    ),
    "text_vectors": lambda d: encoders.text_vectors(9, 4, units=32, dropout=d),
    "vector_mlp": lambda d: encoders.vector_mlp(9, units=32, dropout=d),
    "waveform_cnn": lambda d: encoders.waveform_cnn(64, units=32, dropout=d),
}


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
