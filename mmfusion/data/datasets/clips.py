"""Clips of the GRID corpus: mouths, voices, and where each word is."""

import dataclasses
import wave

import numpy as np

from mmfusion import checks
from mmfusion.data.datasets.local import check_folder, read_rows
from mmfusion.errors import DataError, TableError

FILES = ("grid_s1.csv", "mouth_25fps.npz", "wav")
WORDS = ("command", "color", "preposition", "letter", "digit", "adverb")
RATE, FPS = 8000, 25
# Video frames of a clip, and samples that go with one frame.
FRAMES, SAMPLES = 75, RATE // FPS
_SOURCE = (
    "speaker 1 of the GRID corpus (Cooke et al., 2006; clips and alignments "
    "in github.com/TVR28/LipNet), cut to mouths and to 8 kHz"
)


@dataclasses.dataclass(frozen=True)
class Clip:
    """One spoken sentence of three seconds.

    Attributes:
        id: str, its name in the corpus.
        split: str, `"train"` or `"test"`.
        words: dict of the names in `WORDS` to str.
        align: str, `start:end:word` of each word, in 1/1000 of a frame.
        mouth: uint8 `(75, 26, 48)`, grey, 25 frames a second.
        wave: int16 `(samples,)`, at 8 kHz.
    """

    id: str
    split: str
    words: dict
    align: str
    mouth: np.ndarray
    wave: np.ndarray

    def middle(self, kind) -> float:
        """Seconds from the start to the middle of a word.

        Args:
            kind: str, one of `WORDS`.

        Raises:
            DataError: If the alignment does not have the word.
        """
        for part in self.align.split():
            start, end, said = part.split(":")
            if said == self.words[kind]:
                return (int(start) + int(end)) / 2 / 1000 / FPS
        raise DataError(
            f"The alignment of clip {self.id!r} expects the word "
            f"{self.words[kind]!r}. Received: {self.align!r}."
        )

    def frames_around(self, middle, count):
        """`count` frames around a time in seconds: uint8 `(count, 26, 48)`.

        At the ends the window stays within the clip.
        """
        first = round(middle * FPS) - count // 2
        at = int(np.clip(first, 0, len(self.mouth) - count))
        return self.mouth[at : at + count]

    def sound_around(self, middle, count):
        """The sound of so many frames around a time: int16 `(count * 320,)`.

        At the ends the window stays within the clip.
        """
        length = count * SAMPLES
        start = middle * RATE - length / 2
        at = int(np.clip(start, 0, len(self.wave) - length))
        return self.wave[at : at + length]


def load(folder) -> list[Clip]:
    """All clips of a folder, in the order of `mouth_25fps.npz`.

    Args:
        folder: path of a folder with `grid_s1.csv`, `mouth_25fps.npz` (uint8
            `mouth` `(clips, 75, 26, 48)` and `id`) and `wav/`.

    Raises:
        DataError: If something is missing or cannot be read.
    """
    folder = check_folder("grid", folder, FILES, _SOURCE)
    columns = ("id", *WORDS, "align", "split", "wav")
    table = {row["id"]: row for row in read_rows(folder / FILES[0], columns)}
    ids, mouths = _mouths(folder / FILES[1])
    clips = []
    for key, mouth in zip(ids, mouths, strict=True):
        if key not in table:
            raise checks.unknown(f"clip of {folder / FILES[1]}", key, table)
        row = table[key]
        clips.append(
            Clip(
                key,
                row["split"],
                {kind: row[kind] for kind in WORDS},
                row["align"],
                mouth,
                _wave(folder / row["wav"]),
            )
        )
    return clips


def _mouths(path):
    try:
        with np.load(path, allow_pickle=False) as stored:
            ids = [str(key) for key in stored["id"]]
            mouths = stored["mouth"]
    except (OSError, ValueError, KeyError, EOFError) as error:
        line = f"{path}: cannot be read: {error}; get the file again"
        raise TableError(line, [line]) from error
    if mouths.dtype != np.uint8 or mouths.shape[:2] != (len(ids), FRAMES):
        line = (
            f"{path}: expects uint8 mouths ({len(ids)}, {FRAMES}, height, "
            f"width), received {mouths.dtype} {mouths.shape}"
        )
        raise TableError(line, [line])
    return ids, mouths


def _wave(path):
    """The samples of a WAV file of 16 bits, mono, 8 kHz, 3 s at least."""
    try:
        with wave.open(str(path)) as file:
            form = file.getnchannels(), file.getsampwidth(), file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (OSError, EOFError, ValueError, wave.Error) as error:
        line = f"{path}: cannot be read: {error}; get the file again"
        raise TableError(line, [line]) from error
    if form != (1, 2, RATE) or len(samples) < FRAMES * SAMPLES:
        line = (
            f"{path}: expects one channel of 16 bits at {RATE} Hz, "
            f"{FRAMES * SAMPLES} samples at least; received {form[0]} of "
            f"{8 * form[1]} bits at {form[2]} Hz, {len(samples)} samples"
        )
        raise TableError(line, [line])
    return samples
