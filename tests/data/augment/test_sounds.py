"""Augmentations of sounds and clips, against formulas."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import augment
from mmfusion.data.log_mel import log_mel

SEED = (1, 2)
FLOOR = np.log(1e-6)


def _waves(rows=64, samples=400):
    random = np.random.default_rng(0)
    loud = 10.0 ** random.uniform(-3, 0, (rows, 1))
    return (loud * random.normal(size=(rows, samples))).astype("float32")


def test_noise_has_the_ratio_drawn_and_is_white():
    x = _waves(200)
    n = augment.Noise(5, 25)(x, SEED).numpy() - x
    snr = 10 * np.log10((x**2).mean(1) / (n**2).mean(1))
    assert 4.99 < snr.min() < 6 and 24 < snr.max() < 25.01
    n = augment.Noise(10, 10)(x, SEED).numpy().astype("float64") - x
    snr = 10 * np.log10((x**2).mean(1) / (n**2).mean(1))
    np.testing.assert_allclose(snr, 10, atol=0.01)
    power = np.abs(np.fft.rfft(n / n.std(1, keepdims=True))) ** 2
    power = power[:, 1:-1].mean(0) / 400
    assert 0.7 < power.min() and power.max() < 1.4


def test_silence_stays_silent():
    x = np.zeros((3, 64), "float32")
    for thing in (augment.Noise(), augment.Gain(), augment.TimeShift()):
        np.testing.assert_array_equal(thing(x, SEED), x)
    x = np.full((3, 20, 8), FLOOR, "float32")
    for thing in (augment.Gain(40), augment.TimeShift(), augment.SpecAugment()):
        np.testing.assert_allclose(thing(x, SEED), x, atol=1e-5)


def test_gain_is_in_decibels():
    x = _waves(300)
    y = augment.Gain(12)(x, SEED).numpy()
    db = 20 * np.log10(np.linalg.norm(y, axis=1) / np.linalg.norm(x, axis=1))
    assert -12 <= db.min() < -11.5 and 11.5 < db.max() <= 12.001
    factor = 10 ** (db[:, None] / 20)
    np.testing.assert_allclose(y, x * factor, rtol=1e-4, atol=1e-6)


def test_gain_of_a_spectrogram_is_the_spectrogram_of_the_louder_sound():
    mels = log_mel(8000, num_mels=16)
    x = tf.constant(_waves(8, 2000))
    thing = augment.Gain(20)
    expected = tf.map_fn(mels, thing(x, SEED))
    y = thing(tf.map_fn(mels, x), SEED)
    np.testing.assert_allclose(y, expected, atol=0.02)


@pytest.mark.parametrize("rank", [2, 3])
def test_time_shifts_are_rolls_or_leave_silence(rank):
    x = _waves(60, 20).reshape((60, 20, 1)[:rank])
    x = np.concatenate([x, x + 5], 2) if rank == 3 else x
    wrapped = augment.TimeShift(0.2, "wrap")(x, SEED).numpy()
    silent = augment.TimeShift(0.2)(x, SEED).numpy()
    seen = set()
    for before, rolled, moved in zip(x, wrapped, silent, strict=True):
        found = [
            by
            for by in range(-4, 5)
            if np.array_equal(np.roll(before, by, 0), rolled)
        ]
        assert len(found) == 1
        seen.add(found[0])
        expected = rolled.copy()
        gone = slice(0, found[0]) if found[0] > 0 else slice(20 + found[0], 20)
        expected[gone] = FLOOR if rank == 3 else 0
        np.testing.assert_allclose(moved, expected)
    assert seen == set(range(-4, 5))


def test_masks_are_stretches_no_longer_than_asked_for():
    x = np.random.default_rng(0).normal(size=(400, 40, 20)).astype("float32")
    y = augment.SpecAugment(1, 0.2, 0)(x, SEED).numpy()
    masked = y != x
    np.testing.assert_array_equal(masked.any(2), masked.all(2))
    frames = masked.all(2)
    lengths = frames.sum(1)
    assert set(lengths) == set(range(9))  # 0 to a fifth of 40.
    starts = np.diff(np.pad(frames, ((0, 0), (1, 1))).astype(int)) == 1
    assert starts.sum(1).max() == 1
    assert frames[:, 0].any() and frames[:, -1].any()
    means = np.broadcast_to(x.mean((1, 2), keepdims=True), x.shape)
    np.testing.assert_allclose(y[masked], means[masked], atol=1e-5)
    y = augment.SpecAugment(0, 0.2, 2, 0.25, "silence")(x, SEED).numpy()
    masked = y != x
    np.testing.assert_array_equal(masked.any(1), masked.all(1))
    assert masked.all(1).sum(1).max() in (9, 10)  # Twice 5, seldom apart.
    np.testing.assert_allclose(y[masked], FLOOR, rtol=1e-6)


def _numbered(rows, frames):
    places = np.arange(frames, dtype="float32")[None, :, None, None, None]
    return np.broadcast_to(places, (rows, frames, 2, 2, 3)).copy()


def test_jittered_frames_are_neighbours_in_order():
    x = _numbered(100, 12)
    y = augment.FrameJitter(2)(x, SEED).numpy()
    assert (y == y[:, :, :1, :1, :1]).all()
    places = y[:, :, 0, 0, 0]
    assert (np.diff(places, axis=1) >= 0).all()
    away = places - np.arange(12)
    assert away.min() == -2 and away.max() == 2
    assert set(np.unique(places)) == set(range(12))


def test_frames_that_fill_up_are_neither_taken_nor_moved():
    x = _numbered(50, 8)
    lengths = np.arange(50) % 9  # From none to all.
    mask = np.arange(8) < lengths[:, None]
    x[~mask] = 0
    y = augment.FrameJitter(3)(x, SEED, tf.constant(mask)).numpy()
    assert (y[~mask] == 0).all()
    places = y[:, :, 0, 0, 0]
    for row, length in zip(places, lengths, strict=True):
        kept = row[:length]
        assert (np.diff(kept) >= 0).all()
        assert kept.max(initial=0) <= max(length - 1, 0)
