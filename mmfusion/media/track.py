"""The sound track of a clip, as it was recorded, in one channel."""

import numpy as np

from mmfusion.media.clip import check_codec
from mmfusion.media.opened import (
    STREAMS,
    check_seconds,
    declared_seconds,
    opened,
    packets,
)
from mmfusion.media.refusal import Refusal


def read_track(file, track, max_seconds):
    """A sound track, the mean of its channels, at its own rate.

    What an encoder put before the first sample is taken away where the
    container says so: MP4, QuickTime, Matroska and WebM do, MPEG streams and
    AVI do not, and begin about a frame of the codec late (1024 samples of AAC,
    for example). Silence that fills the last frame is cut where the container
    says how long the track is.

    Args:
        file: binary file, seekable.
        track: int. Which of several, from 0.
        max_seconds: number.

    Returns:
        float32 array `(samples,)`, and the rate in Hz.

    Raises:
        Refusal: If there is no such track, it is damaged or too long.
    """
    import av

    with opened(file) as container:
        stream = _track_of(container, track)
        declared = declared_seconds(container, stream)
        check_seconds(declared, max_seconds)
        context = stream.codec_context
        context.thread_count = 1
        if container.format.name not in STREAMS:
            context.options = {"err_detect": "explode"}
        rate = context.sample_rate
        if not rate:
            raise Refusal()
        parts, count = [], 0
        try:
            for packet in packets(container, stream):
                for frame in packet.decode():
                    parts.append(_mono(frame, rate))
                    count += len(parts[-1])
                    # A frame of silence may fill the end.
                    check_seconds(count / rate - 1, max_seconds)
            parts += [_mono(frame, rate) for frame in context.decode(None)]
        except av.error.FFmpegError as error:
            raise Refusal() from error
        if stream.duration is not None and "mov" in container.format.name:
            count = round(stream.duration * stream.time_base * rate)
            return np.concatenate([*parts, np.zeros(0, "f4")])[:count], rate
    return np.concatenate([*parts, np.zeros(0, "float32")]), rate


def _track_of(container, track):
    streams = container.streams.audio
    if not streams:
        raise Refusal("has no sound track", "give one that has", "no sound")
    if track >= len(streams):
        raise Refusal(
            f"has {len(streams)} sound track{'s' * (len(streams) > 1)}, and "
            f"no `track={track}`, counted from 0",
            "choose another `track`",
            "no sound",
        )
    check_codec(streams[track])
    return streams[track]


def _mono(frame, rate):
    """The mean of the channels, float32 -1..1."""
    if frame.sample_rate != rate:
        raise Refusal(
            f"changes from {rate} to {frame.sample_rate} samples a second",
            "convert it to one rate",
            "unsupported sample rate",
        )
    values = frame.to_ndarray()
    channels = frame.layout.nb_channels
    if not frame.format.is_planar:
        values = values.reshape(-1, channels).T
    kind = values.dtype
    if kind == np.uint8:
        values = (values.astype("float32") - 128) / 128
    elif kind.kind == "i":
        values = values.astype("float32") / -float(np.iinfo(kind).min)
    return values.astype("float32").mean(axis=0)
