"""Samples of a sound in memory: what can be learned from."""

import numpy as np

from mmfusion.data.modality import BadValue

# What 32 bits hold, not scaled. The power of louder sounds overflows.
_LOUDEST = 2.0**31


def waveform_of(array):
    """An array of samples as a float32 waveform.

    Args:
        array: `(samples,)`, floats as they are, or int16 as 1/32768.

    Returns:
        Float32 array `(samples,)`.

    Raises:
        BadValue: If it is no waveform of one channel.
    """
    if array.ndim != 1 or not array.size:
        raise BadValue(
            f"expects a waveform (samples,), received the shape {array.shape}",
            "give one channel, for example the mean of all",
        )
    if array.dtype == np.int16:
        return array.astype("float32") / 32768
    if array.dtype.kind != "f":
        raise BadValue(
            f"expects a waveform as floats -1..1 or int16, received "
            f"{array.dtype}",
            "convert it",
            reason="not a number",
        )
    with np.errstate(over="ignore"):  # Too large becomes infinite.
        waveform = array.astype("float32")
    check_samples(waveform)
    return waveform


def check_samples(waveform):
    """Samples are numbers, of a size that has a power."""
    peak = np.max(np.abs(waveform))
    if not np.isfinite(peak):
        raise BadValue(
            "holds samples that are NaN or infinite",
            "replace it, or set those samples to zero",
            reason="not a number",
        )
    if peak > _LOUDEST:
        raise BadValue(
            f"holds samples up to {peak:g}, where 1 is full scale",
            "scale it to -1..1, or replace it",
            reason="too large",
        )
