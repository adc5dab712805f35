"""A table of pictures and sounds with planted faults of twenty kinds."""

import csv
import io
import struct
import zlib

import numpy as np
import soundfile
from PIL import Image

RATE = 8000
COLUMNS = ("sku", "photo", "sound", "title", "price", "brand", "label")
_SEED = 0


def plant(folder, rows, files, each):
    """Writes `table.csv`, with `files` pictures and sounds, and faults.

    Args:
        folder: path of an empty folder.
        rows: int. Rows of the table.
        files: int. Small real files, half of them pictures and half sounds;
            the rows share them.
        each: int. How often each kind of fault is planted, each in a row of
            its own.

    Returns:
        Dict of `(line, column)` to the name of the fault that is there; the
        column is None where the whole row is meant.
    """
    random = np.random.default_rng(_SEED)
    data = folder / "data"
    data.mkdir()
    for number in range(files // 2):
        _picture(data / f"{number}.jpg", random)
        _sound(data / f"{number}.wav", random)
    table = [list(COLUMNS)]
    for row in range(rows):
        table.append(
            [
                f"s{row}",
                f"data/{random.integers(files // 2)}.jpg",
                f"data/{random.integers(files // 2)}.wav",
                "" if row % 10 == 0 else f"item {row} in red",
                f"{random.integers(1, 10_000) / 100:.2f}",
                f"brand{random.integers(30)}",
                ("bag", "hat", "shoe")[random.integers(3)],
            ]
        )
    lines = iter((random.permutation(rows)[: each * len(FAULTS)] + 2).tolist())
    planted = {}
    for name, (column, damage) in FAULTS.items():
        for number in range(each):
            line = next(lines)
            cells = table[line - 1]
            damage(cells, folder, f"{name.replace(' ', '_')}_{number}")
            planted[line, column] = name
    with open(folder / "table.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)
    return planted


def _picture(path, random):
    colours = random.integers(0, 256, (6, 8, 3), "uint8")
    image = Image.fromarray(colours).resize((64, 48), Image.Resampling.BICUBIC)
    image.save(path, quality=85)


def _sound(path, random):
    time = np.arange(RATE // 4) / RATE
    tone = 0.5 * np.sin(2 * np.pi * random.integers(200, 2000) * time)
    soundfile.write(path, tone, RATE)


def _set(column, text):
    def damage(cells, folder, name):
        cells[COLUMNS.index(column)] = text

    return damage


def _file(column, content, suffix):
    """Names a new file with this content."""

    def damage(cells, folder, name):
        path = folder / "data" / f"{name}{suffix}"
        whole = folder / cells[COLUMNS.index(column)]
        path.write_bytes(content(whole.read_bytes()))
        cells[COLUMNS.index(column)] = f"data/{path.name}"

    return damage


def _directory(cells, folder, name):
    (folder / "data" / name).mkdir()
    cells[COLUMNS.index("photo")] = f"data/{name}"


def _same_id(cells, folder, name):
    # An id that stands above, in a row that stays as it is.
    cells[0] = "s0" if cells[0] != "s0" else "s1"


def _bomb(whole):
    """A PNG whose header declares 900 million pixels."""

    def chunk(kind, content):
        body = kind + content
        size, check = struct.pack(">I", len(content)), zlib.crc32(body)
        return size + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _wav(samples, rate=RATE, **options):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", **options)
    return file.getvalue()


def _nan(whole):
    samples = np.zeros(100, "float32")
    samples[50] = np.nan
    return _wav(samples, subtype="FLOAT")


FAULTS = {
    "no such picture": ("photo", _set("photo", "data/none.jpg")),
    "no such sound": ("sound", _set("sound", "data/none.wav")),
    "no picture named": ("photo", _set("photo", "")),
    "a directory": ("photo", _directory),
    "an address": ("photo", _set("photo", "https://a.org/b.jpg")),
    "out of the folder": ("photo", _set("photo", "../b.jpg")),
    "an absolute path": ("sound", _set("sound", "/etc/hostname")),
    "zero bytes": ("photo", _file("photo", lambda x: b"", ".jpg")),
    "half a picture": ("photo", _file("photo", lambda x: x[:-200], ".jpg")),
    "a web page": (
        "photo",
        _file("photo", lambda x: b"<!DOCTYPE html><html></html>", ".jpg"),
    ),
    "a bomb": ("photo", _file("photo", _bomb, ".png")),
    "half a sound": ("sound", _file("sound", lambda x: x[:-300], ".wav")),
    "no samples": (
        "sound",
        _file("sound", lambda x: _wav(np.zeros(0)), ".wav"),
    ),
    "another rate": (
        "sound",
        _file("sound", lambda x: _wav(np.zeros(900), 11025), ".wav"),
    ),
    "samples that are NaN": ("sound", _file("sound", _nan, ".wav")),
    "a word for a number": ("price", _set("price", "many")),
    "a decimal comma": ("price", _set("price", "1,5")),
    "the id of another": ("sku", _same_id),
    "no label": ("label", _set("label", "")),
    "too few cells": (None, lambda cells, folder, name: cells.pop()),
}
