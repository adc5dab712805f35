"""Every format of every modality, and how it is answered.

`FORMATS` has a value by modality and name: what a client sends, and so what a
file or a cell holds, then the reason of a served model and that of a
prediction, "" where the row is answered. What is served "" is covered by the
graph.
"""

import io
import struct

import numpy as np
import PIL.Image
import soundfile

from tests.data.cases import file_of, noise, picture
from tests.media import clips

RATE = 8000
OTHER, BROKEN = "unsupported format", "cannot be decoded"
HTML = b"<!DOCTYPE html><html></html>"


def turned(form, orientation):
    """A picture that says how it is to be turned."""
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    return file_of(picture(), form, exif=exif)


def deep():
    """Grey of 16 bits."""
    grey = (np.arange(140, dtype="uint16") * 400).reshape(10, 14)
    return file_of(grey, "PNG")


def huge():
    """A JPEG that claims 65535 x 65535 pixels."""
    data = bytearray(file_of(picture(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff" * 4
    return bytes(data)


def sound(form, subtype, channels=1, rate=RATE, count=700):
    """The bytes of a sound in a format of soundfile."""
    samples = [noise(count, seed) / 2 for seed in range(channels)]
    file = io.BytesIO()
    soundfile.write(file, np.stack(samples, 1), rate, subtype, format=form)
    return file.getvalue()


def with_chunk():
    """A WAV file with a chunk of odd length before its samples."""
    data = sound("WAV", "PCM_16")
    return data[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + data[12:]


def not_finite():
    """A WAV file of floats, one of which is NaN."""
    file = io.BytesIO()
    soundfile.write(
        file, np.array([0, np.nan, 0.5]), RATE, "FLOAT", format="WAV"
    )
    return file.getvalue()


def clip(form="mp4", codec="mpeg4", sound=None):
    """The bytes of a clip."""
    return clips.clip_of(np.arange(4) / 10, form, codec, sound=sound)


def _heard():
    tone = (np.sin(np.arange(3200) / 5) / 2).astype("float32")
    return clip(sound=(tone[None], RATE, "aac"))


JPEG, PNG = file_of(picture(), "JPEG"), file_of(picture(), "PNG")
GIF = file_of(picture(), "GIF")
IMAGES = {
    "jpeg": (JPEG, "", ""),
    "jpeg-full-colour": (file_of(picture(), "JPEG", subsampling=0), "", ""),
    "jpeg-progressive": (file_of(picture(), "JPEG", progressive=True), "", ""),
    "jpeg-grey": (file_of(picture(), "JPEG", "L"), "", ""),
    "jpeg-icc": (file_of(picture(), "JPEG", icc_profile=bytes(99)), "", ""),
    **{f"jpeg-turned-{n}": (turned("JPEG", n), "", "") for n in range(1, 9)},
    "png": (PNG, "", ""),
    "png-grey": (file_of(picture(), "PNG", "L"), "", ""),
    "png-grey-alpha": (file_of(picture(), "PNG", "LA"), "", ""),
    "png-alpha": (file_of(picture(), "PNG", "RGBA"), "", ""),
    "png-palette": (file_of(picture(), "PNG", "P"), "", ""),
    "png-turned-6": (turned("PNG", 6), "", ""),
    "one-pixel": (file_of(picture(1, 1), "PNG"), "", ""),
    "jpeg-cmyk": (file_of(picture(), "JPEG", "CMYK"), OTHER, ""),
    "png-16-bits": (deep(), OTHER, ""),
    "png-1-bit": (file_of(picture(), "PNG", "1"), OTHER, ""),
    "gif": (GIF, OTHER, ""),
    "bmp": (file_of(picture(), "BMP"), OTHER, ""),
    "webp": (file_of(picture(), "WEBP"), OTHER, ""),
    "webp-turned-6": (turned("WEBP", 6), OTHER, ""),
    "tiff": (file_of(picture(), "TIFF"), OTHER, ""),
    "ppm": (file_of(picture(), "PPM"), OTHER, ""),
    "tiff-32-bits": (file_of(picture(), "TIFF", "F"), OTHER, OTHER),
    "jpeg-cut": (JPEG[:-80], BROKEN, BROKEN),
    "jpeg-head": (JPEG[:20], BROKEN, BROKEN),
    "png-cut": (PNG[:-80], BROKEN, BROKEN),
    "gif-cut": (GIF[:60], OTHER, BROKEN),
    "jpeg-huge": (huge(), "too large", "too large"),
    "html": (HTML, OTHER, BROKEN),
    "text": (b"not a picture", OTHER, BROKEN),
    "a-sound": (sound("WAV", "PCM_16"), OTHER, BROKEN),
    # A file of no bytes is a fault, no bytes in a request are no value.
    "empty": (b"", "missing", BROKEN),
}
WAV = sound("WAV", "PCM_16")
SOUNDS = {
    "wav": (WAV, "", ""),
    "wav-stereo": (sound("WAV", "PCM_16", channels=2), "", ""),
    "wav-6-channels": (sound("WAV", "PCM_16", channels=6), "", ""),
    "wav-more-chunks": (with_chunk(), "", ""),
    "wav-long": (sound("WAV", "PCM_16", count=3000), "", ""),
    "wav-short": (sound("WAV", "PCM_16", count=3), "", ""),
    "wav-extensible": (sound("WAVEX", "PCM_16"), OTHER, ""),
    "wav-8-bits": (sound("WAV", "PCM_U8"), OTHER, ""),
    "wav-24-bits": (sound("WAV", "PCM_24"), OTHER, ""),
    "wav-32-bits": (sound("WAV", "PCM_32"), OTHER, ""),
    "wav-float": (sound("WAV", "FLOAT"), OTHER, ""),
    "wav-u-law": (sound("WAV", "ULAW"), OTHER, ""),
    "rf64": (sound("RF64", "PCM_16"), OTHER, ""),
    "flac": (sound("FLAC", "PCM_16"), OTHER, ""),
    "ogg": (sound("OGG", "VORBIS"), OTHER, ""),
    "opus": (sound("OGG", "OPUS"), OTHER, ""),
    "mp3": (sound("MP3", "MPEG_LAYER_III"), OTHER, ""),
    "aiff": (sound("AIFF", "PCM_16"), OTHER, ""),
    "track-of-a-clip": (_heard(), OTHER, ""),
    "clip-without-track": (clip(), OTHER, "no sound"),
    "wav-other-rate": (
        sound("WAV", "PCM_16", rate=16000),
        "unsupported sample rate",
        "unsupported sample rate",
    ),
    "wav-no-samples": (
        sound("WAV", "PCM_16", count=0),
        "no samples",
        "no samples",
    ),
    "wav-nan": (not_finite(), OTHER, "not a number"),
    "wav-cut": (WAV[:-1], BROKEN, BROKEN),
    "flac-cut": (sound("FLAC", "PCM_16")[:-400], OTHER, BROKEN),
    "html": (HTML, OTHER, BROKEN),
    "a-picture": (JPEG, OTHER, BROKEN),
    "empty": (b"", "missing", BROKEN),
}
TEXTS = {
    "ascii": ("Red wine, dry.", "", ""),
    "composed": ("un caf\u00e9", "", ""),
    "decomposed": ("un cafe\u0301", "", ""),
    "emoji": ("red 👩\u200d🌾 😀", "", ""),
    "han": ("红酒 wine", "", ""),
    "right-to-left": ("\u202eenin der\u202c wine", "", ""),
    "blanks": (" \t red\n\n  wine\0car \r\n", "", ""),
    "blanks-of-unicode": ("\u00a0red\u2003wine\u0085", "", ""),
    "byte-order-mark": ("\ufeffred wine", "", ""),
    "last-characters": ("\U0010ffff \uffff red", "", ""),
    "unknown-words": ("boat sea", "", ""),
    "longest": ("red " * 25, "", ""),
    "nothing-of-what-is-optional": (" \n\0", "", ""),
    "not-utf-8": (b"caf\xe9", BROKEN, BROKEN),
    "surrogate": (b"\xed\xa0\x80", BROKEN, BROKEN),
    "too-long": ("é" * 51, "too large", "too large"),
}
CELLS = {
    "plain": (["1.5", "red"], "", ""),
    "exponent": (["-2e1", "red"], "", ""),
    "bare-point": ([".5", "blue"], "", ""),
    "blanks": (["\t 3 ", " blue\0"], "", ""),
    "many-digits": (["0" * 5000 + "1", "red"], "", ""),
    "far": (["3e38", "red"], "", ""),
    "no-number": (["", "red"], "", ""),
    "no-category": (["2", " "], "", ""),
    "unknown-category": (["2", "grün"], "", ""),
    "nothing": (["", " "], "missing", "missing"),
    "comma": (["1,5", "red"], "not a number", "not a number"),
    "nan": (["nan", "red"], "not a number", "not a number"),
    "an-id": (["16777217", "red"], "too large", "too large"),
}
VECTORS = {
    "plain": ([1.0, -2.5, 0.125], "", ""),
    "tiny": ([1e-40, 0.0, -0.0], "", ""),
    "nan": ([1.0, np.nan, 2.0], "not a number", "not a number"),
    "infinite": ([1.0, np.inf, 2.0], "not a number", "not a number"),
    "nothing-of-what-is-optional": (None, "", ""),
}
WALKS = {
    f"{steps}-steps": (noise(2 * steps).reshape(-1, 2), "", "")
    for steps in (1, 2, 3)
}
PHOTOS = {
    "one": ([JPEG], "", ""),
    "three": ([PNG, turned("JPEG", 6), file_of(picture(), "PNG", "L")], "", ""),
    "second-is-gif": ([JPEG, GIF], f"value 2: {OTHER}", ""),
    # A graph that breaks off in the middle of a value has no number of it.
    "second-is-cut": ([JPEG, PNG[:-80], JPEG], BROKEN, f"value 2: {BROKEN}"),
    "second-is-a-head": (
        [JPEG, JPEG[:20]],
        f"value 2: {BROKEN}",
        f"value 2: {BROKEN}",
    ),
}
REVIEWS = {
    "one": (["red wine"], "", ""),
    "two": (["caf\u00e9", "cafe\u0301 😀"], "", ""),
    "second-is-too-long": (
        ["red", "é" * 51],
        "value 2: too large",
        "value 2: too large",
    ),
}
CLIPS = {
    "mp4": (clip(), "", ""),
    "matroska": (clip("matroska"), "", ""),
    "webm": (clip("webm", "libvpx-vp9"), "", ""),
    "avi": (clip("avi"), "", ""),
    "gif": (GIF, "", ""),
    # A client sends frames; of these there are none to send.
    "cut": (clip()[:-99], "missing", BROKEN),
    "a-picture": (JPEG, "missing", BROKEN),
}
FORMATS = {
    "image": IMAGES,
    "sound": SOUNDS,
    "text": TEXTS,
    "facts": CELLS,
    "vector": VECTORS,
    "walk": WALKS,
    "photos": PHOTOS,
    "reviews": REVIEWS,
    "clip": CLIPS,
}
