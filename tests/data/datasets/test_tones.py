import numpy as np
import pytest

from mmfusion.data.datasets import tones


def _play(symbols, seconds=0.5, seed=0):
    return tones.play(np.asarray(symbols), seconds, np.random.default_rng(seed))


@pytest.mark.parametrize("seconds", [0.25, 0.5, 1.3])
def test_sounds_of_any_length(seconds):
    sounds = _play([0, 1, 2, 3], seconds)
    assert sounds.shape == (4, round(8000 * seconds))
    assert sounds.dtype == np.int16


def test_same_seed_same_sounds_and_no_two_alike():
    twice = _play([1] * 600), _play([1] * 600)
    np.testing.assert_array_equal(*twice)
    assert len(np.unique(twice[0], axis=0)) == 600


def test_nothing_clips():
    assert np.abs(_play(np.arange(800) % 4).astype("int64")).max() < 32767


def _pitch(sound):
    """The loudest frequency, in the first and the last third that sound."""
    frames = sound[: len(sound) // 200 * 200].reshape(-1, 200) * np.hanning(200)
    power = np.abs(np.fft.rfft(frames, 1024)) ** 2
    loud = power.sum(axis=1) > 0.3 * power.sum(axis=1).max()
    track = power.argmax(axis=1)[loud]
    third = max(1, len(track) // 3)
    return np.median(track[:third]), np.median(track[-third:])


@pytest.mark.parametrize(
    ("pattern", "direction"),
    [("rising", 1), ("falling", -1), ("steady", 0), ("beeping", 0)],
)
def test_pitch_moves_as_the_pattern_says(pattern, direction):
    sounds = _play([tones.PATTERNS.index(pattern)] * 40)
    for sound in sounds.astype("float64"):
        begin, end = _pitch(sound)
        moved = end / begin - 1
        assert np.sign(moved) * (abs(moved) > 0.1) == direction
