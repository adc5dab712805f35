import collections

import numpy as np
import pytest

from mmfusion.data.datasets import recordings
from mmfusion.data.datasets.recordings import Recording
from mmfusion.errors import ArgumentError, DataError
from tests.helpers import SHARED_DATASETS, needs_dataset

SPEAKERS = ("ann", "bob", "cid")


def _recordings():
    return [
        Recording(f"{digit}_{who}_{index}", digit, who, index, np.zeros(1))
        for digit in range(2)
        for who in SPEAKERS
        for index in range(12)
    ]


def _indices(rows):
    return sorted({recording.index for recording in rows})


def _speakers(rows):
    return sorted({recording.speaker for recording in rows})


def test_indices_decide():
    splits = recordings.split_by_recording(_recordings())
    assert _indices(splits["test"]) == [0, 1, 2, 3, 4]
    assert _indices(splits["validation"]) == [5, 6, 7, 8, 9]
    assert _indices(splits["train"]) == [10, 11]
    for rows in splits.values():
        assert _speakers(rows) == list(SPEAKERS)


def test_speakers_decide():
    splits = recordings.split_by_speaker(_recordings(), ["bob"], ["cid"])
    assert {name: _speakers(rows) for name, rows in splits.items()} == {
        "train": ["ann"],
        "validation": ["bob"],
        "test": ["cid"],
    }
    assert sum(map(len, splits.values())) == len(_recordings())


@pytest.mark.parametrize(
    ("validation", "test", "message"),
    [
        (["bop"], ["cid"], "Unknown speaker 'bop'. Did you mean 'bob'"),
        (["bob"], ["bob"], "each speaker in one split"),
        (["ann", "bob"], ["cid"], "some for each split"),
        ([], ["cid"], "some for each split"),
    ],
)
def test_speakers_that_cannot_be(validation, test, message):
    with pytest.raises(ArgumentError, match=message):
        recordings.split_by_speaker(_recordings(), validation, test)


def test_a_file_of_another_name_is_refused():
    example = {"audio": np.zeros(3), "audio/filename": b"seven_ann.wav"}
    with pytest.raises(DataError, match="<digit>_<speaker>_<index>"):
        recordings._recording(example)


@needs_dataset("spoken_digit")
def test_the_real_recordings():
    found = recordings.load(SHARED_DATASETS)
    assert [r.name for r in found] == sorted({r.name for r in found})
    counts = collections.Counter((r.digit, r.speaker) for r in found)
    assert len(counts) == 10 * 5 and set(counts.values()) == {50}
    assert all(np.abs(r.samples).max() <= 1 for r in found)
    lengths = {name: len(rows) for name, rows in _split(found).items()}
    assert lengths == {"train": 2000, "validation": 250, "test": 250}


def _split(found):
    return recordings.split_by_recording(found)
