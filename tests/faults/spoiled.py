"""Modalities that read files, and what may be wrong with a file."""

import io
import os
import pathlib

import numpy as np
import soundfile

from mmfusion.data.audio import Audio
from mmfusion.data.image import Image
from mmfusion.data.several import Several
from mmfusion.data.vector import Vector
from mmfusion.data.video import Video
from tests.data.cases import file_of, noise, picture, wav_of
from tests.media import clips

MOST = 60_000  # Bytes of a file.
HTML = b"<!DOCTYPE html><html>not found</html>"


def _npy(values):
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


def _npz(values):
    file = io.BytesIO()
    np.savez(file, v=values)
    return file.getvalue()


def _flac(count=700):
    file = io.BytesIO()
    soundfile.write(file, noise(count) / 2, 8000, format="FLAC")
    return file.getvalue()


def _clip():
    tone = np.sin(np.arange(4000) / 5)[None].astype("float32") / 2
    sound = (tone, 8000, "aac")
    return clips.clip_of(np.arange(5) / 10, sound=sound)


IMAGE = Image(size=(4, 4), max_bytes=MOST)
AUDIO = Audio(kind="waveform", sample_rate=8000, seconds=0.1, max_bytes=MOST)
# By name: suffix, content of a good file, and the modality object.
MODALITIES = {
    "image": (".jpg", lambda: file_of(picture(), "JPEG"), IMAGE),
    "image-elsewhere": (".gif", lambda: file_of(picture(), "GIF"), IMAGE),
    "sound": (".wav", lambda: wav_of(noise()), AUDIO),
    "sound-elsewhere": (".flac", _flac, AUDIO),
    "track": (".mp4", _clip, AUDIO),
    "clip": (".mp4", _clip, Video(size=(4, 4), frames=2, max_bytes=MOST)),
    "npy": (
        ".npy",
        lambda: _npy(np.arange(3.0)),
        Vector(dim=3, files=True, max_bytes=MOST),
    ),
    "npz": (
        ".npz",
        lambda: _npz(np.arange(3.0)),
        Vector(dim=3, files=True, max_bytes=MOST),
    ),
    "photos": (
        ".jpg",
        lambda: file_of(picture(), "JPEG"),
        Several(IMAGE, most=2, separator="|"),
    ),
    "sounds": (
        ".wav",
        lambda: wav_of(noise()),
        Several(AUDIO, most=2, separator="|"),
    ),
}


class Place:
    """A folder of data, the suffix of its files, and how to spoil one."""

    def __init__(self, folder, suffix, good):
        self.root, self.suffix, self.good = folder / "data", suffix, good
        self.root.mkdir()
        self.outside = folder / f"outside{suffix}"
        self.outside.write_bytes(good)
        self.file("good", good)

    def path(self, name):
        return self.root / f"{name}{self.suffix}"

    def file(self, name, content):
        self.path(name).write_bytes(content)
        return self.path(name).name

    def made(self, name, make):
        make(self.path(name))
        return self.path(name).name

    def large(self):
        if self.suffix in (".npy", ".npz"):
            make = {".npy": _npy, ".npz": _npz}[self.suffix]
            return make(np.zeros(MOST // 4, "float64"))
        return self.good + bytes(MOST)

    def unreadable(self):
        name = self.file("secret", self.good)
        os.chmod(self.root / name, 0)
        return name


GONE, BROKEN = "file not found", "cannot be decoded"
# By number and name: the cell, what is said, and the reason in short.
FAULTS = {
    "08-url": (lambda p: "https://a.b/c.jpg", "is a URL; download", GONE),
    "08-file-url": (lambda p: "file:///etc/hosts", "is a URL; download", GONE),
    "08-parent": (
        lambda p: f"../{p.outside.name}",
        "leads out of the folder.*allow_outside_root",
        GONE,
    ),
    "08-absolute": (lambda p: str(p.outside), "leads out of the folder", GONE),
    "08-link-out": (
        lambda p: p.made("link", lambda x: x.symlink_to(p.outside)),
        "leads out of the folder",
        GONE,
    ),
    "08-circle": (
        lambda p: p.made("circle", lambda x: x.symlink_to(x)),
        "circle.*(is no path|cannot be read)",
        GONE,
    ),
    "08-nul": (lambda p: f"a\0b{p.suffix}", "is no path.*null", GONE),
    "09-not-there": (lambda p: f"none{p.suffix}", "does not exist; corr", GONE),
    "09-dangling-link": (
        lambda p: p.made("gone", lambda x: x.symlink_to(p.path("none"))),
        "does not exist",
        GONE,
    ),
    "09-other-case": (lambda p: f"GOOD{p.suffix}", "does not exist", GONE),
    "09-backslash": (lambda p: f"sub\\good{p.suffix}", "does not exist", GONE),
    "09-line-break": (lambda p: f"a\nb{p.suffix}", "does not exist", GONE),
    "09-escape": (lambda p: f"\x1b[31m{p.suffix}", "does not exist", GONE),
    "09-too-long": (lambda p: "x" * 999 + p.suffix, "cannot be read", GONE),
    "09-directory": (
        lambda p: p.made("folder", pathlib.Path.mkdir),
        "is a directory; give the path of a file",
        GONE,
    ),
    "09-pipe": (
        lambda p: p.made("pipe", os.mkfifo),
        "is not a regular file",
        GONE,
    ),
    "09-unreadable": (Place.unreadable, "cannot be read: Permission", GONE),
    "09-no-bytes": (lambda p: p.file("empty", b""), "holds zero bytes", BROKEN),
    "15-html": (
        lambda p: p.file("html", HTML),
        "HTML, not a|damaged, or no file of NumPy",
        BROKEN,
    ),
    "15-cut": (
        lambda p: p.file("cut", p.good[: len(p.good) * 2 // 3]),
        "truncated or damaged|is damaged|too short|zero bytes",
        BROKEN,
    ),
    "18-too-large": (
        lambda p: p.file("large", p.large()),
        f"bytes, more than `max_bytes={MOST}`",
        "too large",
    ),
}
