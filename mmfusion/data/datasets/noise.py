"""Recordings of one length under white noise, in steps of 16 bits."""

import numpy as np


def deviation(samples, snr):
    """Standard deviation of white noise at a signal-to-noise ratio in dB.

        10 log10(mean(samples^2) / deviation^2) = snr

    measured on the recording as it is, before it is padded or cut.
    """
    power = np.mean(np.square(samples, dtype="float64"))
    return float(np.sqrt(power) * 10 ** (-snr / 20))


def gain_for(recordings, snr):
    """One factor for all recordings with which nothing clips.

    The loudest recording, under noise of six deviations, reaches full scale;
    where all are silent the factor is 1.

    Args:
        recordings: list of float arrays `(samples,)`.
        snr: float, in dB.
    """
    peaks = [
        np.abs(samples).max(initial=0) + 6 * deviation(samples, snr)
        for samples in recordings
    ]
    return 1 / (max(peaks) or 1)


def under_noise(samples, length, snr, gain, rng):
    """Pads or cuts a recording and lays white noise over all of it.

    Args:
        samples: float array `(samples,)`.
        length: int, samples of the outcome; zeros come after the end.
        snr: float, in dB, as `deviation` means it; infinite for no noise.
        gain: float, applied after the noise; leaves the ratio as it is.
        rng: `numpy.random.Generator`.

    Returns:
        int16 array `(length,)`.
    """
    padded = np.zeros(length, "float32")
    kept = samples[:length]
    padded[: len(kept)] = kept
    noise = rng.standard_normal(length, "float32")
    padded += noise * np.float32(deviation(samples, snr))
    steps = np.rint(padded * np.float32(gain * 32767))
    return np.clip(steps, -32768, 32767).astype("int16")
