"""Opens a container for FFmpeg, and nothing but that file."""

import contextlib
import os

from mmfusion.media.refusal import Refusal
from mmfusion.media.whole import is_whole

# Of the formats that FFmpeg knows, some are lists of other files and addresses.
_FORMATS = "mov,mp4,m4a,3gp,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,gif"
# What may begin and end anywhere.
STREAMS = ("mpegts", "mpeg")


@contextlib.contextmanager
def opened(file):
    """A container of PyAV over a file, from its beginning.

    Args:
        file: binary file, seekable.

    Raises:
        Refusal: If it is none of the formats, or cut off.
    """
    import av

    length = file.seek(0, os.SEEK_END)
    whole = is_whole(file, length)
    file.seek(0)
    try:
        container = av.open(
            file,
            options={"format_whitelist": _FORMATS},
            metadata_errors="replace",
            io_open=_no_other_file,
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise Refusal() from error
    with container:
        if not whole:
            raise Refusal()
        yield container


def _no_other_file(*_):
    raise PermissionError("A clip must not name another file.")


def packets(container, stream):
    """The packets of a stream that hold something.

    Raises:
        Refusal: If one is damaged, but where a stream may begin anywhere.
    """
    import av

    strict = container.format.name not in STREAMS
    try:
        for packet in container.demux(stream):
            if strict and packet.is_corrupt:
                raise Refusal()
            if packet.size:
                yield packet
    except av.error.FFmpegError as error:
        raise Refusal() from error


def check_seconds(seconds, max_seconds):
    """A length, as declared or as found, is not above the cap.

    Raises:
        Refusal: If it is.
    """
    if seconds > max_seconds:
        raise Refusal(
            f"lasts {float(seconds):.6g} seconds, more than "
            f"`max_seconds={max_seconds}`",
            "cut it, or raise `max_seconds`",
            "too large",
        )


def declared_seconds(container, stream):
    """The length that the file claims for a stream; 0 where it claims none."""
    if stream.duration is not None and stream.time_base is not None:
        return stream.duration * stream.time_base
    return (container.duration or 0) / 1_000_000
