"""audio_cnn: indifferent to when, not to which pitch."""

import numpy as np

from mmfusion.encoders import audio_cnn


def test_a_shift_in_time_changes_nothing_a_shift_in_pitch_does():
    encoder = audio_cnn((32, 16), units=8, hidden=(4, 4))
    x = np.full((3, 32, 16), -13.8, "float32")
    x[0, 8:12, 4] = 3.0
    x[1, 16:20, 4] = 3.0  # Eight steps later: a multiple of the pooling.
    x[2, 8:12, 12] = 3.0  # Higher.
    first, later, higher = np.asarray(encoder(x))
    np.testing.assert_allclose(first, later, rtol=1e-5, atol=1e-5)
    assert not np.allclose(first, higher, atol=1e-3)


def test_loudness_does_not_count():
    encoder = audio_cnn((8, 8), units=8, hidden=(4,))
    x = np.random.default_rng(0).uniform(-13, 3, (1, 8, 8)).astype("float32")
    louder = x + np.log(4.0).astype("float32")  # Twice the amplitude.
    np.testing.assert_allclose(
        np.asarray(encoder(x)), np.asarray(encoder(louder)), atol=1e-5
    )
