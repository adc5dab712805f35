"""Clips whose frames tell their number, made by PyAV as they are needed."""

import fractions
import functools
import io
import struct
import tempfile

import av
import numpy as np

av.logging.set_level(av.logging.PANIC)
HEIGHT, WIDTH, SIDE = 48, 64, 8
# Clips are this exact about when a frame appears.
_UNIT = fractions.Fraction(1, 1000)


def frame(number, size=(HEIGHT, WIDTH)):
    """Grey, with a bright square whose place is the number, 0..47."""
    pixels = np.full((*size, 3), 40, "uint8")
    row, column = divmod(number, WIDTH // SIDE)
    place = np.s_[row * SIDE :, column * SIDE :]
    pixels[place][:SIDE, :SIDE] = (230, 210, 60)
    return pixels


def number(pixels):
    """The number of a frame, as it came back."""
    squares = pixels[..., 0].astype(int)
    squares = squares.reshape(HEIGHT // SIDE, SIDE, WIDTH // SIDE, SIDE)
    return int(squares.mean(axis=(1, 3)).argmax())


def clip_of(
    times,
    form="mp4",
    codec="mpeg4",
    sound=None,
    frames=frame,
    rate=30,
    options=None,
    gop=None,
):
    """The bytes of a clip.

    Args:
        times: list of seconds at which the frames appear.
        form: str. The container's name in FFmpeg.
        codec: str.
        sound: `(waveform (channels, samples), rate, codec)`, or a list.
        frames: function of the number of a frame to its pixels.
        rate: int. What the header says is usual, frames a second.
        options: dict. Of the container.
        gop: int. Frames from one that stands by itself to the next.
    """
    file = io.BytesIO()
    if options:  # Some make the writer go back, which it does in files only.
        file = tempfile.NamedTemporaryFile()  # noqa: SIM115 - read below.
    name = file.name if options else file
    with av.open(name, "w", format=form, options=options or {}) as container:
        video = container.add_stream(codec, rate=rate)
        video.height, video.width = frames(0).shape[:2]
        video.pix_fmt = "yuv420p"
        video.bit_rate = 2_000_000
        if gop:
            video.codec_context.gop_size = gop
        video.time_base = video.codec_context.time_base = _UNIT
        sounds = [] if sound is None else sound
        sounds = [sounds] if isinstance(sounds, tuple) else sounds
        tracks = [_add_track(container, *given) for given in sounds]
        for place, time in enumerate(times):
            picture = av.VideoFrame.from_ndarray(frames(place), format="rgb24")
            picture.pts, picture.time_base = round(time / _UNIT), _UNIT
            container.mux(video.encode(picture))
        container.mux(video.encode())
        for track, given in zip(tracks, sounds, strict=True):
            _write_track(container, track, *given[:2])
    file.seek(0)
    return file.read()


def sound_of(sound, form="mp4"):
    """The bytes of a container with a sound track only."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        track = _add_track(container, *sound)
        _write_track(container, track, *sound[:2])
    return file.getvalue()


def _layout(waveform):
    return {1: "mono", 2: "stereo"}[len(waveform)]


def _add_track(container, waveform, rate, codec):
    return container.add_stream(codec, rate=rate, layout=_layout(waveform))


def _write_track(container, track, waveform, rate):
    whole = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(waveform, "float32"),
        format="fltp",
        layout=_layout(waveform),
    )
    whole.sample_rate, whole.pts = rate, 0
    context = track.codec_context
    parts = av.AudioResampler(
        format=context.format,
        layout=_layout(waveform),
        rate=rate,
        frame_size=context.frame_size or 1024,
    )
    for part in [*parts.resample(whole), *parts.resample(None)]:
        container.mux(track.encode(part))
    container.mux(track.encode())


def with_matrix(clip, a, b, c, d):
    """An MP4 clip whose first track says how it is to be turned."""
    place = clip.index(b"tkhd") + 4
    place += 4 + 20 + 16  # Version, times and ids; layer and volume.
    one = 1 << 16
    matrix = (a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    return clip[:place] + struct.pack(">9i", *matrix) + clip[place + 36 :]


def looks(times, end, steps, window=None):
    """Numbers of the frames on display in the middle of equal parts."""
    times = np.asarray(times)
    length = end - times[0] if window is None else window
    at = times[0] + (np.arange(steps) + 0.5) * length / steps
    at = at[at < end]
    return [int(np.flatnonzero(times <= moment)[-1]) for moment in at]


def end_of(clip):
    """When the last frame disappears, in seconds, by its packet."""
    with av.open(io.BytesIO(clip)) as container:
        stream = container.streams.video[0]
        return max(
            float((p.pts + p.duration) * p.time_base)
            for p in container.demux(stream)
            if p.size
        )


@functools.cache
def steady():
    """Twenty frames, ten a second."""
    return clip_of(np.arange(20) / 10)
