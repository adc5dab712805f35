"""Short sounds of a few patterns, no two alike."""

import numpy as np

PATTERNS = ("rising", "falling", "steady", "beeping")
SAMPLE_RATE = 8000

_BLOCK = 512  # Rows at a time: keeps the scratch memory small.


def play(symbols, seconds, rng):
    """Plays one tone a row, at a random pitch, loudness, time and phase.

    The pitch goes up, goes down, stays, or stays and is broken into beeps;
    where it begins and ends tells nothing. Over it lies white noise, 10 to 26
    dB below the tone.

    Args:
        symbols: int array `(rows,)`, indices into `PATTERNS`.
        seconds: float, the length of each sound.
        rng: `numpy.random.Generator`.

    Returns:
        int16 array `(rows, samples)` at `SAMPLE_RATE`.

    Example:

    >>> play(np.array([0, 3]), 0.5, np.random.default_rng(0)).shape
    (2, 4000)
    """
    sounds = np.empty((len(symbols), round(seconds * SAMPLE_RATE)), "int16")
    for start in range(0, len(symbols), _BLOCK):
        block = slice(start, start + _BLOCK)
        sounds[block] = _play(symbols[block, None], sounds.shape[1], rng)
    return sounds


def _play(symbols, samples, rng):
    def uniform(low, high):
        return rng.uniform(low, high, symbols.shape).astype("float32")

    # Time in units of the tone's length: the tone sounds from 0 to 1.
    length = uniform(0.65, 0.95)
    begin = uniform(0, 1) * (1 - length)
    time = (np.arange(samples, dtype="float32") / samples - begin) / length

    # The pitch in the middle is alike for all patterns; a glide spans 0.6 to
    # 1.2 octaves. The phase is the integral of the pitch, a straight line.
    middle = 700 * 2 ** uniform(-0.7, 0.7)
    span = 2 ** uniform(0.3, 0.6)
    slope = middle * (span - 1 / span) * np.array([1, -1, 0, 0])[symbols]
    cycles = (length * samples / SAMPLE_RATE).astype("float32")
    start = cycles * (middle - slope / 2).astype("float32")
    bend = cycles * (slope / 2).astype("float32")
    turns = (bend * time + start) * time + uniform(0, 1)
    tone = np.sin(2 * np.pi * turns)

    # Ramps of 4 % of the length: no clicks, which would light all bands.
    sounding = np.clip(np.minimum(time, 1 - time) / 0.04, 0, 1)
    beeps = rng.integers(3, 6, symbols.shape).astype("float32") - 0.5
    gaps = np.clip(4 * np.cos(2 * np.pi * beeps * time) + 0.5, 0, 1)
    sounding *= np.where(symbols == PATTERNS.index("beeping"), gaps, 1)

    # A tone of peak 1 has the power 1/2. Noise beyond 5 deviations is cut, so
    # that the sum stays within 2.2 and nothing clips.
    noise = np.clip(rng.standard_normal(time.shape, "float32"), -5, 5)
    noise *= 10 ** -uniform(0.5, 1.3) * np.float32(np.sqrt(0.5))
    sound = (tone * sounding + noise) * uniform(0.08, 0.38)
    return np.rint(sound * 32767).astype("int16")
