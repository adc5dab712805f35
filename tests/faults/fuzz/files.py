"""Valid files of every kind, small, to be damaged."""

import functools
import io
import struct
import zlib

import numpy as np
import PIL.Image
import soundfile

from tests.data.cases import noise, picture
from tests.media import clips

RATE = 8000
_ROTATED = PIL.Image.Exif()
_ROTATED[0x0112] = 6
_PICTURES = {
    "jpeg": [
        ("RGB", {}),
        ("RGB", {"progressive": True}),
        ("L", {}),
        ("CMYK", {}),
        ("RGB", {"exif": _ROTATED, "icc_profile": bytes(200)}),
    ],
    "png": [
        *((mode, {}) for mode in ("RGB", "L", "LA", "RGBA", "P", "1", "I;16")),
        ("RGB", {"exif": _ROTATED}),
    ],
    "gif": [("P", {}), ("L", {}), ("P", {"save_all": True})],
    "bmp": [("RGB", {}), ("P", {}), ("1", {})],
    "webp": [
        ("RGB", {}),
        ("RGBA", {"lossless": True}),
        ("RGB", {"exif": _ROTATED}),
    ],
    "tiff": [
        ("RGB", {}),
        ("RGB", {"compression": "tiff_lzw"}),
        ("RGB", {"compression": "jpeg"}),
        ("P", {"compression": "tiff_adobe_deflate"}),
        ("1", {"compression": "group4"}),
        ("CMYK", {}),
        ("I;16", {}),
        ("F", {}),
    ],
}
_SOUNDS = {
    "wav_16": [
        ("WAV", "PCM_16", 1),
        ("WAV", "PCM_16", 2),
        ("WAVEX", "PCM_16", 2),
    ],
    "wav_24": [
        ("WAV", "PCM_24", 1),
        ("WAV", "PCM_32", 2),
        ("WAVEX", "PCM_24", 2),
    ],
    "wav_float": [
        ("WAV", "FLOAT", 1),
        ("WAV", "DOUBLE", 2),
        ("WAV", "ULAW", 1),
    ],
    "flac": [("FLAC", "PCM_16", 1), ("FLAC", "PCM_24", 2)],
    "ogg": [("OGG", "VORBIS", 1), ("OGG", "VORBIS", 2), ("OGG", "OPUS", 1)],
}


@functools.cache
def files_of(kind):
    """List of the bytes of valid files of a kind."""
    if kind in _PICTURES:
        return [_picture(kind, *given) for given in _PICTURES[kind]]
    if kind in _SOUNDS:
        return [_sound(*given) for given in _SOUNDS[kind]]
    return _clips({"mkv": "matroska"}.get(kind, kind))


def _picture(kind, mode, options):
    if mode == "I;16":
        image = PIL.Image.fromarray(
            (np.arange(140, dtype="uint16") * 400).reshape(10, 14)
        )
    else:
        image = PIL.Image.fromarray(picture()).convert(mode)
    if options.get("save_all"):
        options = {**options, "append_images": [image.rotate(90)]}
    file = io.BytesIO()
    image.save(file, kind.upper(), **options)
    return file.getvalue()


def _sound(form, subtype, channels):
    samples = np.stack([noise(600, seed) for seed in range(channels)], axis=1)
    file = io.BytesIO()
    soundfile.write(file, 0.5 * samples, RATE, subtype, format=form)
    data = file.getvalue()
    if (at := data.find(b"PEAK")) > 0:  # It says when it was written.
        data = data[: at + 12] + bytes(4) + data[at + 16 :]
    return mend_ogg(data) if form == "OGG" else data


def _clips(form):
    times = np.arange(6) / 10
    tone = np.sin(np.arange(4000) / 5)[None].astype("float32") / 2
    sound = (tone, RATE, "mp3" if form == "avi" else "aac")
    other = "libvpx-vp9" if form == "matroska" else "libx264"
    # Else Matroska has numbers that chance has chosen.
    given = {"frames": _frame, "options": {"fflags": "+bitexact"}}
    return [
        clips.clip_of(times, form, **given),
        clips.clip_of(times, form, sound=sound, **given),
        clips.clip_of(times[:2], form, other, **given),
    ]


def _frame(number):
    return picture(16, 32, seed=number)


def mend_png(data):
    """A PNG whose chunks have the checksums that they should have."""
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        body = data[at + 4 : at + 8 + length]
        parts += [data[at : at + 4], body, struct.pack(">I", zlib.crc32(body))]
        at += 12 + length
    return b"".join(parts)


def mend_ogg(data):
    """An Ogg file whose pages have one serial number and right checksums."""
    parts = []
    for number, page in enumerate(data.split(b"OggS")):
        if not number:
            parts.append(page)
            continue
        page = bytearray(b"OggS" + page)
        page[14:18] = b"1234"  # Else one that chance has chosen.
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", _ogg_checksum(page))[: len(page[22:26])]
        parts.append(bytes(page))
    return b"".join(parts)


def _ogg_checksum(page):
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _OGG_TABLE[(value >> 24) ^ byte]
    return value


def _ogg_entry(byte):
    value = byte << 24
    for _ in range(8):
        value = value << 1 ^ (0x04C11DB7 if value >> 31 else 0)
        value &= 0xFFFFFFFF
    return value


_OGG_TABLE = [_ogg_entry(byte) for byte in range(256)]
