"""Frames of a clip by time, small, and never more than one at full size."""

import collections
import fractions
import struct

import numpy as np
import PIL.Image

from mmfusion.media.opened import (
    STREAMS,
    check_seconds,
    declared_seconds,
    opened,
    packets,
)
from mmfusion.media.refusal import Refusal
from mmfusion.media.times import even_times


def read_clip(file, size, frames, seconds, max_pixels, max_seconds, max_frames):
    """Frames spread evenly over a clip, or over its beginning.

    The file is gone through twice: for the times of all frames without
    decoding any, so that it need not be believed about its length, then to
    decode, up to the last frame that is wanted. Memory holds what the decoder
    refers to, one picture of full size, and the outcome.

    Args:
        file: binary file, seekable.
        size: height and width of the outcome.
        frames: int. How many at most; see `even_times`.
        seconds: number, or None for the whole clip.
        max_pixels, max_seconds, max_frames: of the clip.

    Returns:
        uint8 array `(steps, height, width, 3)`.

    Raises:
        Refusal: If there is no picture to be had, or it is too large.
    """
    with opened(file) as container:
        stream = _video_of(container)
        context = stream.codec_context
        check_pixels(context.height, context.width, max_pixels)
        check_seconds(declared_seconds(container, stream), max_seconds)
        times, end = _survey(container, stream, max_frames)
        unit = stream.time_base
    check_seconds((end - times[0]) * unit, max_seconds)
    window = None
    if seconds is not None:
        window = fractions.Fraction(seconds).limit_denominator(10**6) / unit
    wanted = collections.deque(even_times(times, end, frames, window))
    with opened(file) as container:
        decoded = _decoded(container, _video_of(container), max_pixels, times)
        pictures = []
        for frame, until in decoded:
            picture = None
            while wanted and (until is None or wanted[0] < until):
                wanted.popleft()
                if picture is None:
                    picture = _picture(frame, size, max_pixels)
                pictures.append(picture)
            if not wanted:
                break
    if not pictures:
        raise Refusal()
    return np.stack(pictures)


def check_pixels(height, width, max_pixels):
    """A picture, as declared or as decoded, is not above the cap."""
    if height * width > max_pixels:
        raise Refusal(
            f"has frames of {height} x {width} pixels, more than "
            f"`max_pixels={max_pixels}`",
            "make it smaller, or raise `max_pixels`",
            "too large",
        )


def resized(pixels, size):
    """A picture of another size, by Pillow's antialiased bilinear filter.

    Args:
        pixels: uint8 array `(height, width, 3)`.
        size: height and width.

    Returns:
        uint8 array `(*size, 3)`.
    """
    if pixels.shape[:2] == tuple(size):
        return pixels
    image = PIL.Image.fromarray(pixels)
    bilinear = PIL.Image.Resampling.BILINEAR
    return np.asarray(image.resize((size[1], size[0]), bilinear))


def _video_of(container):
    from av.stream import Disposition

    streams = [
        stream
        for stream in container.streams.video
        # The cover of a record is a stream of one picture.
        if not stream.disposition & Disposition.attached_pic
    ]
    if not streams:
        kinds = sorted({stream.type for stream in container.streams})
        raise Refusal(
            f"has no video stream, only {', '.join(kinds) or 'nothing'}",
            "give a clip",
            "no video stream",
        )
    check_codec(streams[0])
    return streams[0]


def check_codec(stream):
    """There is a decoder for a stream."""
    if stream.codec_context is None:
        raise Refusal(
            f"has a {stream.type} stream of a codec that is not known here",
            "convert it, to H.264 and AAC for example",
            "unsupported format",
        )


def _survey(container, stream, max_frames):
    """When each frame appears, sorted, and when the last one disappears."""
    times, durations = [], {}
    for packet in packets(container, stream):
        time = packet.dts if packet.pts is None else packet.pts
        if time is None or packet.is_discard:
            continue
        times.append(time)
        durations[time] = packet.duration or 0
        if len(times) > max_frames:
            raise Refusal(
                f"has more frames than `max_frames={max_frames}`",
                "cut it, or raise `max_frames`",
                "too large",
            )
    if not times:
        raise Refusal()
    times.sort()
    last = durations[times[-1]]
    if not last:  # Not every format says how long a frame lasts.
        gaps = np.diff(times)
        rate = stream.average_rate or 25
        usual = round(1 / (rate * stream.time_base))
        last = int(np.median(gaps)) if len(gaps) else usual
    return times, times[-1] + max(last, 1)


def _decoded(container, stream, max_pixels, times):
    """Yields `(frame, time of the next one)` in the order of display.

    The time is None behind the last frame.
    """
    import av

    context = stream.codec_context
    options = {"max_pixels": str(max_pixels)}
    if container.format.name not in STREAMS:
        # Else most decoders paint over what is damaged, without a word.
        options["err_detect"] = "explode"
    context.options = options
    context.thread_count = 1  # Several files are read at a time.
    held = None
    try:
        for number, frame in enumerate(container.decode(stream)):
            time = frame.pts
            if time is None:
                time = times[min(number, len(times) - 1)]
            if held is not None:
                yield held, time
            held = frame
    except av.error.FFmpegError as error:
        raise Refusal() from error
    if held is not None:
        yield held, None


def _picture(frame, size, max_pixels):
    if frame.is_corrupt:
        raise Refusal()
    check_pixels(frame.height, frame.width, max_pixels)
    pixels = upright(frame.to_ndarray(format="rgb24"), _turn(frame))
    return resized(np.ascontiguousarray(pixels), size)


def _turn(frame):
    """The matrix that brings a frame upright: rows of `a b` and `c d`."""
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return (1, 0, 0, 1)
    # Fixed point; the third column is projective, the third row moves.
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix)[:36])
    return (a, b, c, d)


def upright(pixels, turn):
    """A picture turned and mirrored as a display matrix says.

    A point `(x, y)`, y downwards, is shown at `(a x + c y, b x + d y)`.
    Angles between are brought to the nearest quarter.

    Args:
        pixels: array `(height, width, 3)`.
        turn: numbers `(a, b, c, d)`.

    Returns:
        Array of the same pixels.

    Example:

    >>> two = np.array([[[1], [2]]])  # A quarter, clockwise.
    >>> upright(two, (0, 1, -1, 0))[..., 0].tolist()
    [[1], [2]]
    """
    a, b, c, d = turn
    if abs(b) + abs(c) > abs(a) + abs(d):
        # x is shown downwards, y sideways.
        pixels = pixels.swapaxes(0, 1)
        across, down = c, b
    else:
        across, down = a, d
    if across < 0:
        pixels = pixels[:, ::-1]
    return pixels[::-1] if down < 0 else pixels
