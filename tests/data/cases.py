"""One case for each registered modality: what all of them must keep."""

import dataclasses
import functools
import io
import tempfile
from collections.abc import Callable

import numpy as np
import PIL.Image

from mmfusion.data import (
    Audio,
    HubText,
    Image,
    Several,
    Tabular,
    Text,
    Vector,
    Video,
    WordPieces,
)
from tests.pretrained import modules


@dataclasses.dataclass(eq=False)
class Case:
    """A modality and raw values of it that its graph covers.

    Attributes:
        kind: its registered name.
        name: of the case.
        create: makes a fresh one, not adapted.
        raw: list of raw values in `raw_spec`, as `read` takes them, too.
        blank: a raw value that is missing.
        broken: list of raw values with the reason that `check` gives.
        settings: makes what its default encoder needs beside its arguments.
        decodes: whether a graph can read its raw values.
    """

    kind: str
    name: str
    create: Callable
    raw: list
    blank: object
    broken: dict
    settings: Callable = dict
    decodes: bool = True

    @functools.cache  # noqa: B019 - the cases live as long as the tests.
    def ready(self):
        """One that has seen its values; tests share it."""
        modality = self.create()
        modality.adapt([modality.read(raw) for raw in self.raw])
        return modality


def picture(height=10, width=14, seed=0):
    """Smooth colours and some noise, uint8 `(height, width, 3)`."""
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(seed).integers(0, 40, (height, width, 3))
    colours = np.stack([12 * x, 15 * y, 7 * (x + y)], axis=-1)
    return np.clip(colours + noise, 0, 255).astype("uint8")


def file_of(pixels, form, mode=None, **options):
    """The bytes of a picture in a format of Pillow."""
    image = PIL.Image.fromarray(pixels)
    file = io.BytesIO()
    (image.convert(mode) if mode else image).save(file, form, **options)
    return file.getvalue()


def noise(samples=700, seed=0):
    """A waveform that 16 bits hold exactly."""
    values = np.random.default_rng(seed).integers(-32768, 32768, samples)
    return (values / 32768).astype("float32")


def wav_of(waveform, sample_rate=8000):
    return Audio(sample_rate=sample_rate).encode(waveform)


IMAGES = [
    file_of(picture(), "JPEG"),
    file_of(picture(7, 5, seed=1), "PNG"),
    file_of(picture(9, 9, seed=2), "JPEG", mode="L"),
]
BROKEN_IMAGES = {
    b"<html></html>": "unsupported format",
    file_of(picture(), "BMP"): "unsupported format",
    IMAGES[0][:20]: "cannot be decoded",
    b"\x89PNG\r\n\x1a\n": "cannot be decoded",
}
SOUNDS = [wav_of(noise()), wav_of(noise(90, 1)), wav_of(noise(2000, 2))]
BROKEN_SOUNDS = {
    b"ID3 no sound": "unsupported format",
    SOUNDS[0][:-1]: "cannot be decoded",
    wav_of(noise(), 16000): "unsupported sample rate",
    wav_of(noise(0)): "no samples",
}
TEXTS = ["Red wine, dry.", "a red\tcar\0", "été 😀 red"]
BROKEN_TEXTS = {b"caf\xe9": "cannot be decoded", b"a" * 101: "too large"}
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "w", "##ine", "ete", ","]
ROWS = [
    ["1.5", "red", "3", "x"],
    ["", " blue ", "4", ""],
    ["-2e1", "", "", "7"],
]
BROKEN_ROWS = {
    ("1,5", "red", "3", "x"): "not a number",
    ("nan", "red", "3", "x"): "not a number",
    ("16777217", "red", "3", "x"): "too large",
}
VECTORS = [
    np.array([1.0, 2.0, 7.0], "float32"),
    np.array([3.0, -2.0, 7.0], "float32"),
]
BROKEN_VECTORS = {(np.nan, 1.0, 2.0): "not a number"}
CLIPS = [
    np.stack([picture(5, 6, seed=step) for step in range(count)])
    for count in (4, 4)
]
SEQUENCES = [
    np.arange(12, dtype="float32").reshape(4, 3),
    np.eye(4, 3, dtype="float32"),
]
PHOTOS = [
    [IMAGES[0], IMAGES[1], b""],
    [IMAGES[2], b"", b""],
    [IMAGES[1], IMAGES[0], IMAGES[2]],
]
BROKEN_PHOTOS = {
    (IMAGES[0], b"<html></html>", b""): "value 2: unsupported format",
    (b"", IMAGES[0][:20], b"<html>"): "value 2: cannot be decoded",
}
REVIEWS = [["Red wine, dry.", "a red car"], ["", "été 😀 red"]]
BROKEN_REVIEWS = {
    ("red", b"caf\xe9"): "value 2: cannot be decoded",
    (b"a" * 101, "red"): "value 1: too large",
}


def _image():
    return Image(size=(6, 8))


def _audio(kind):
    return Audio(kind=kind, sample_rate=8000, seconds=0.1, num_mels=8)


def _text(kind):
    return Text(kind=kind, vocabulary_size=6, length=4, max_bytes=100)


def _pieces(vocabulary):
    return WordPieces(
        vocabulary=vocabulary, vocabulary_size=20, length=7, max_bytes=100
    )


@functools.cache
def _modules():
    """SavedModels that live as long as the tests."""
    place = tempfile.TemporaryDirectory()
    return (
        place,
        modules.preprocessor(f"{place.name}/preprocessor"),
        modules.bert(f"{place.name}/bert"),
    )


def _hub_text():
    return HubText(_modules()[1], max_bytes=100)


def _hub_encoder():
    return {"handle": _modules()[2]}


def _table():
    return Tabular(
        columns=["price", "colour", "size", "code"],
        numbers=["price"],
        categories=["colour"],
    )


MODALITIES = [
    Case("image", "image", _image, IMAGES, b"", BROKEN_IMAGES),
    *(
        Case(
            "audio",
            f"audio-{kind}",
            lambda kind=kind: _audio(kind),
            SOUNDS,
            b"",
            BROKEN_SOUNDS,
        )
        for kind in ("log_mel", "waveform")
    ),
    *(
        Case(
            "text",
            f"text-{kind}",
            lambda kind=kind: _text(kind),
            TEXTS,
            " \n",
            BROKEN_TEXTS,
        )
        for kind in ("ids", "multi_hot", "count", "tf_idf")
    ),
    Case(
        "hub_text",
        "hub_text",
        _hub_text,
        TEXTS,
        " \n",
        BROKEN_TEXTS,
        _hub_encoder,
    ),
    *(
        Case(
            "word_pieces",
            f"word_pieces-{name}",
            lambda vocabulary=vocabulary: _pieces(vocabulary),
            TEXTS,
            " \n",
            BROKEN_TEXTS,
        )
        for name, vocabulary in {"given": PIECES, "learned": None}.items()
    ),
    Case("tabular", "tabular", _table, ROWS, ["", " ", "", "\t"], BROKEN_ROWS),
    *(
        Case(
            "vector",
            f"vector-{standardize}",
            lambda standardize=standardize: Vector(standardize=standardize),
            VECTORS,
            np.full(3, np.nan, "float32"),
            BROKEN_VECTORS,
        )
        for standardize in (False, True)
    ),
    *(
        Case(
            "vector",
            f"vector-steps-{standardize}",
            lambda standardize=standardize: Vector(
                standardize=standardize, steps=4
            ),
            SEQUENCES,
            None,
            {},
            decodes=False,
        )
        for standardize in (False, True)
    ),
    Case(
        "video",
        "video",
        lambda: Video(size=(5, 6), frames=4),
        CLIPS,
        None,
        {},
        decodes=False,
    ),
    Case(
        "several",
        "several-images",
        lambda: Several(_image(), most=3),
        PHOTOS,
        ["", "", ""],
        BROKEN_PHOTOS,
    ),
    Case(
        "several",
        "several-texts",
        lambda: Several(_text("ids"), most=2),
        REVIEWS,
        [" ", ""],
        BROKEN_REVIEWS,
    ),
]
