"""GRID, speaker 1: mouth and voice around one word of each clip."""

import csv
import pathlib

import numpy as np
from scipy.io import wavfile
from sklearn.model_selection import StratifiedKFold, train_test_split

import mmfusion as mm
from benchmarks.zoo.problem import Problem

FOLDS = 5
SNR = -10.0  # dB, of white noise against the window of the word.
_FRAMES, _RATE, _FPS = 16, 8000, 25
_SAMPLES = _FRAMES * _RATE // _FPS


def problems(folder, task):
    """The folds of one task, `"digit"` or `"color"`.

    The folder holds `grid_s1.csv` (with the times of the words), the mouth
    crops `mouth_25fps.npz` and `wav/`. A row is a clip: 16 frames and 0.64
    seconds around the middle of the word, whose place is known.

    Args:
        folder: path.
        task: str.

    Returns:
        List of `Problem`, one a fold; validation rows are a fifth of the rest.
    """
    folder = pathlib.Path(folder)
    with open(folder / "grid_s1.csv", newline="", encoding="utf-8") as file:
        table = {line["id"]: line for line in csv.DictReader(file)}
    stored = np.load(folder / "mouth_25fps.npz")
    ids = [str(key) for key in stored["id"]]
    words = [table[key][task] for key in ids]
    middles = [_middle(table[key]["align"], table[key][task]) for key in ids]
    x = {
        "video": _frames(stored["mouth"], middles),
        "audio": _log_mel(
            np.stack([_sound(folder, table[k], m) for k, m in zip(ids, middles)])
        ),
    }
    classes = sorted(set(words))
    y = np.array([classes.index(word) for word in words])
    return [
        Problem(
            f"grid-{task}-{number}",
            x,
            y,
            np.array(ids),
            {"train": train, "validation": validation, "test": test},
            encoders=_encoders,
            epochs={"encoder": 60, "features": 40, "end": 15},
            batch=32,
            seed=number,
        )
        for number, (train, validation, test) in enumerate(_folds(y))
    ]


def _folds(y):
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for number, (rest, test) in enumerate(folds.split(y, y)):
        train, validation = train_test_split(
            rest, test_size=0.2, random_state=number, stratify=y[rest]
        )
        yield train, validation, test


def _middle(align, word):
    """Seconds from the start of a clip to the middle of a word."""
    for part in align.split():
        start, end, said = part.split(":")
        if said == word:
            return (int(start) + int(end)) / 2 / 1000 / _FPS
    raise ValueError(f"{word!r} is not in {align!r}.")


def _frames(mouths, middles):
    first = [
        int(np.clip(round(m * _FPS) - _FRAMES // 2, 0, 75 - _FRAMES))
        for m in middles
    ]
    clips = [mouths[i, at : at + _FRAMES] for i, at in enumerate(first)]
    return np.stack(clips)[..., None].astype("float32")


def _sound(folder, line, middle):
    """The window of the word under noise that its id alone draws."""
    _, wave = wavfile.read(folder / line["wav"])
    start = int(np.clip(middle * _RATE - _SAMPLES / 2, 0, len(wave) - _SAMPLES))
    clean = wave[start : start + _SAMPLES].astype("float64")
    power = (clean**2).mean() / 10 ** (SNR / 10)
    seed = int.from_bytes(line["id"].encode(), "little")
    noise = np.random.default_rng(seed).normal(size=_SAMPLES)
    return clean + np.sqrt(power) * noise


def _log_mel(waves):
    audio = mm.data.Audio(
        column="wav",
        sample_rate=_RATE,
        seconds=_SAMPLES / _RATE,
        num_mels=32,
        window_ms=32,
        hop_ms=10,
    )
    peak = np.abs(waves).max()
    whole = list((waves / peak * 32767).astype("int16"))
    audio.adapt(whole)
    return np.stack([np.asarray(audio.transform(wave)) for wave in whole])


def _encoders(x):
    """Networks of sequences, untrained, by modality."""
    return {
        "audio": mm.encoders.audio_cnn(
            x["audio"].shape[1:], hidden=(16, 32, 64), pool=None, dropout=0.3
        ),
        "video": mm.encoders.video_cnn3d(
            x["video"].shape[1:], hidden=(8, 16, 32), pool=None, dropout=0.3
        ),
    }


