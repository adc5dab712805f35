"""Log-mel spectrograms."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.log_mel import log_mel, num_frames
from mmfusion.errors import ArgumentError


def _tone(hertz, rate=16000):
    time = np.arange(rate) / rate
    return np.sin(2 * np.pi * hertz * time).astype("float32")


def assert_same_in_tf_data(function, value):
    """Runs it eagerly and in a dataset of unknown length; both are equal."""
    dataset = tf.data.Dataset.from_tensors(value).filter(lambda x: True)
    (mapped,) = dataset.map(function).as_numpy_iterator()
    eager = function(tf.constant(value)).numpy()
    np.testing.assert_array_equal(mapped, eager)
    return eager


def test_higher_tone_lights_a_higher_band():
    low = assert_same_in_tf_data(log_mel(16000), _tone(300)).mean(0).argmax()
    high = assert_same_in_tf_data(log_mel(16000), _tone(3000)).mean(0).argmax()
    assert low < high


@pytest.mark.parametrize("rate, samples", [(16000, 16000), (8000, 4321)])
@pytest.mark.parametrize("window, hop", [(25, 10), (32, 16), (25.0, 7.5)])
def test_the_number_of_frames_is_known(rate, samples, window, hop):
    mels = log_mel(rate, 32, window, hop)(tf.zeros([samples]))
    assert mels.shape == (num_frames(samples, rate, window, hop), 32)


def test_a_frame_is_the_mel_sum_of_its_power():
    waveform = _tone(1000, 8000)
    mels = log_mel(8000, 16, 32, 16)(tf.constant(waveform)).numpy()
    # 256 samples from 2 * 128, a periodic Hann window, and its power.
    frame = waveform[256:512] * (
        0.5 - 0.5 * np.cos(np.arange(256) / 128 * np.pi)
    )
    power = np.abs(np.fft.rfft(frame)) ** 2
    bank = tf.signal.linear_to_mel_weight_matrix(16, 129, 8000, 20.0, 4000.0)
    np.testing.assert_allclose(
        mels[2], np.log(power @ bank.numpy() + 1e-6), atol=1e-3
    )


def test_a_window_without_a_sample_is_refused():
    with pytest.raises(ArgumentError, match="`hop_ms` to hold a sample"):
        log_mel(100, hop_ms=1)
