import numpy as np
import pytest

from mmfusion.data.datasets import noise


def _tone(samples):
    return np.sin(np.arange(samples) / 3).astype("float32") / 4


def _rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("snr", [-10.0, 0.0, 12.5])
def test_ratio_is_that_of_the_recording_before_padding(snr):
    tone, gain = _tone(2000), noise.gain_for([_tone(2000)], snr)
    heard = noise.under_noise(tone, 8000, snr, gain, _rng())
    tail = heard[2000:].astype("float64")  # Noise and nothing else.
    power = np.mean((tone.astype("float64") * gain * 32767) ** 2)
    assert 10 * np.log10(power / np.mean(tail**2)) == pytest.approx(
        snr, abs=0.25
    )


def test_noise_lies_under_the_recording_too():
    tone, gain = _tone(8000), noise.gain_for([_tone(8000)], 0.0)
    heard = noise.under_noise(tone, 8000, 0.0, gain, _rng())
    rest = heard - tone * gain * 32767
    power = np.mean((tone * gain * 32767) ** 2)
    assert np.mean(rest**2) == pytest.approx(power, rel=0.05)


def test_a_long_recording_is_cut_and_its_power_counts_as_a_whole():
    long = np.concatenate([_tone(8000), np.zeros(8000, "float32")])
    heard = noise.under_noise(long, 8000, np.inf, 1.0, _rng())
    np.testing.assert_array_equal(heard, np.rint(_tone(8000) * 32767))
    whole = noise.deviation(long, 0.0)
    assert whole == pytest.approx(noise.deviation(long[:8000], 0.0) / 2**0.5)


def test_nothing_clips():
    recordings = [_tone(3000), _tone(9000) * 3]
    gain = noise.gain_for(recordings, -10.0)
    for samples in recordings:
        heard = noise.under_noise(samples, 8000, -10.0, gain, _rng())
        assert 3000 < np.abs(heard.astype("int64")).max() < 32767


def test_no_noise_at_an_infinite_ratio():
    assert noise.deviation(_tone(100), np.inf) == 0


def test_silence_is_not_made_louder():
    silent = [np.zeros(8, "float32")] * 2
    gain = noise.gain_for(silent, 20)
    assert gain == 1
    heard = noise.under_noise(silent[0], 8, 20, gain, np.random.default_rng(0))
    assert not heard.any()
