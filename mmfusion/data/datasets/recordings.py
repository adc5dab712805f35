"""The recordings of the spoken digits, and their way into the splits."""

import dataclasses

import numpy as np

from mmfusion import checks
from mmfusion.data.datasets import prepared
from mmfusion.errors import ArgumentError, DataError


@dataclasses.dataclass(frozen=True)
class Recording:
    """One spoken digit.

    Attributes:
        name: str, `<digit>_<speaker>_<index>`.
        digit, speaker, index: its parts.
        samples: float32 `(samples,)` in -1..1, at 8 kHz, unpadded.
    """

    name: str
    digit: int
    speaker: str
    index: int
    samples: np.ndarray


def load(data_dir=None) -> list[Recording]:
    """All recordings of `spoken_digit`, sorted by name."""
    examples = prepared.load("spoken_digit", "train", data_dir)
    found = [_recording(example) for example in examples.as_numpy_iterator()]
    return sorted(found, key=lambda recording: recording.name)


def _recording(example):
    name = example["audio/filename"].decode().removesuffix(".wav")
    parts = name.split("_")
    if len(parts) != 3 or not (parts[0] + parts[2]).isdecimal():
        raise DataError(
            "A spoken digit's file expects the name "
            f"<digit>_<speaker>_<index>.wav. Received: {name!r}."
        )
    samples = np.asarray(example["audio"], "float32") / 32768
    return Recording(name, int(parts[0]), parts[1], int(parts[2]), samples)


def split_by_recording(recordings) -> dict:
    """By index: 0-4 test, 5-9 validation, the rest training.

    The test split is that of the recordings' authors. All speakers are in all
    splits.
    """

    def between(low, high):
        return [r for r in recordings if low <= r.index < high]

    return {
        "train": between(10, np.inf),
        "validation": between(5, 10),
        "test": between(0, 5),
    }


def split_by_speaker(recordings, validation, test) -> dict:
    """By speaker: those named for validation and test, the rest training.

    Args:
        recordings: list of `Recording`.
        validation: tuple of str, speakers.
        test: tuple of str, speakers.

    Returns:
        Dict of split name to list of `Recording`.

    Raises:
        ArgumentError: If a speaker is unknown or in two splits, or if nobody
            is left for training.
    """
    speakers = sorted({recording.speaker for recording in recordings})
    named = [*validation, *test]
    for speaker in named:
        if speaker not in speakers:
            raise checks.unknown("speaker", speaker, speakers)
    if len(set(named)) < len(named):
        raise _speakers_error("each speaker in one split", validation, test)
    if not validation or not test or set(named) == set(speakers):
        raise _speakers_error("some for each split", validation, test)

    def of(chosen):
        return [r for r in recordings if r.speaker in chosen]

    return {
        "train": of(set(speakers) - set(named)),
        "validation": of(validation),
        "test": of(test),
    }


def _speakers_error(what, validation, test):
    return ArgumentError(
        f"`av_mnist` expects `speakers` to have {what}; who is in neither is "
        f"for training. Received: validation={list(validation)}, "
        f"test={list(test)}."
    )
