"""Log-mel spectrograms: what most sound encoders look at."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.errors import ArgumentError


def log_mel(sample_rate, num_mels=64, window_ms=25.0, hop_ms=10.0):
    """Returns a function from a waveform to its log-mel spectrogram.

    The filter bank is built here, once, and not once per example.

        frames = 1 + (samples - window) // hop    # no padding at the ends
        y = log(|stft(x)|^2 M + 1e-6)             # (frames, num_mels)

    Args:
        sample_rate: int, in Hz.
        num_mels: int. Bands, from 20 Hz to half the sample rate.
        window_ms: number. Length of a frame in milliseconds.
        hop_ms: number. Distance of the frames in milliseconds.

    Returns:
        Function of a float32 tensor `(samples,)` that returns a float32
        tensor `(frames, num_mels)`.

    Example:

    >>> log_mel(16000)(tf.zeros([16000])).shape
    TensorShape([98, 64])
    """
    checks.check_positive("log_mel", sample_rate=sample_rate, num_mels=num_mels)
    window, hop = frame_sizes(sample_rate, window_ms, hop_ms)
    fft_length = 1 << (window - 1).bit_length()
    # As a NumPy array it becomes a constant of whatever graph uses it.
    with tf.init_scope():
        filters = tf.signal.linear_to_mel_weight_matrix(
            num_mel_bins=num_mels,
            num_spectrogram_bins=fft_length // 2 + 1,
            sample_rate=sample_rate,
            lower_edge_hertz=20.0,
            upper_edge_hertz=sample_rate / 2,
        ).numpy()

    def apply(waveform):
        spectrum = tf.signal.stft(waveform, window, hop, fft_length)
        # Of both parts: `tf.abs` would take the root, to be squared again.
        power = tf.square(tf.math.real(spectrum))
        power += tf.square(tf.math.imag(spectrum))
        # The floor keeps digital silence finite: log(1e-6) = -13.8.
        return tf.math.log(tf.matmul(power, filters) + 1e-6)

    return apply


def num_frames(samples, sample_rate, window_ms, hop_ms) -> int:
    """How many frames `log_mel` makes of so many samples.

    Example:

    >>> num_frames(16000, 16000, 25, 10)
    98
    """
    window, hop = frame_sizes(sample_rate, window_ms, hop_ms)
    return max(0, 1 + (samples - window) // hop)


def frame_sizes(sample_rate, window_ms, hop_ms) -> tuple:
    """Window and hop in samples."""
    for argument, value in {"window_ms": window_ms, "hop_ms": hop_ms}.items():
        checks.check_range("log_mel", argument, value, 0, 10_000)
        if round(sample_rate * value / 1000) < 1:
            raise ArgumentError(
                f"`log_mel` expects `{argument}` to hold a sample at least. "
                f"Received: {value!r} at {sample_rate} Hz."
            )
    return (
        round(sample_rate * window_ms / 1000),
        round(sample_rate * hop_ms / 1000),
    )
