"""Which frames of a clip are looked at: those on display at even times."""

import bisect
import fractions


def even_times(times, end, steps, window=None):
    """The frames on display at times spread evenly over a clip.

    The clip is cut into `steps` parts of equal length, and in the middle of
    each is a look:

        t_k = times[0] + (k + 1/2) length / steps

    with the length of the clip, or `window`. A look behind the end of the
    clip sees nothing. Where there are fewer frames than looks, each frame is
    seen once.

    Args:
        times: list of int, when each frame appears, sorted, in any unit.
        end: int. When the last frame disappears.
        steps: int. How many looks.
        window: int, or fraction. Looks are spread over it, from the first
            frame on, instead of over the whole clip.

    Returns:
        List of values of `times`, `steps` at most, at least one; a frame that
        is long on display may be there more than once.

    Example:

    >>> even_times([0, 10, 20, 30], 40, steps=2)
    [10, 30]
    >>> even_times([0, 30, 31, 32], 40, steps=3)
    [0, 0, 32]
    """
    start = times[0]
    length = fractions.Fraction(end - start if window is None else window)
    looks = [
        start + (2 * step + 1) * length / (2 * steps) for step in range(steps)
    ]
    looks = [look for look in looks if look < end] or [start]
    shown = times[: bisect.bisect_left(times, start + length)]
    if len(shown) < len(looks):
        return shown
    return [times[bisect.bisect_right(times, look) - 1] for look in looks]
