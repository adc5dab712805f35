"""Files that a graph reads: the same tensors, and the others are left."""

import numpy as np
import pytest

from mmfusion.data import Audio, Image, Text
from mmfusion.data.in_graph import _Many, in_graph, reads_in_graph
from tests.data.cases import file_of, noise, picture, wav_of


def _read(modality, files):
    found = {}
    for numbers, tensors in in_graph(
        modality, range(len(files)), files.__getitem__
    ):
        found |= dict(zip(numbers.tolist(), tensors, strict=True))
    return found


def _pictures():
    """Of all sizes, turned and not; more than a batch."""
    files = []
    for number in range(70):
        pixels = picture(20 + number, 90 - number)
        form = ("JPEG", "PNG")[number % 2]
        exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"
        exif += bytes([1 + number % 8, 0, 0, 0])
        files.append(file_of(pixels, form, exif=exif))
    return files


def _sounds():
    return [wav_of(noise(200 + number, number), 8000) for number in range(70)]


@pytest.mark.parametrize(
    ("modality", "files"),
    [
        (Image(size=(7, 9)), _pictures()),
        (Audio(sample_rate=8000, seconds=0.03), _sounds()),
        (Audio(kind="waveform", sample_rate=8000, seconds=0.03), _sounds()),
    ],
    ids=["pictures", "log_mel", "waveform"],
)
def test_the_tensors_are_those_of_the_steps(modality, files):
    found = _read(modality, files)
    assert sorted(found) == list(range(70))
    for number, data in enumerate(files):
        expected = modality.transform(modality.read(data))
        assert found[number].dtype == modality.storage
        np.testing.assert_allclose(found[number], expected, rtol=1e-5)


def test_what_a_graph_cannot_read_is_left_and_harms_no_other_batch():
    image = Image(size=(4, 4), max_bytes=5000)
    files = [file_of(picture(9, 9), "PNG") for _ in range(200)]
    # A good header, and no pixels behind it.
    files[70] = files[70][:50]
    files[3] = file_of(picture(9, 9), "GIF")
    files[5] = b"no picture"
    files[7] = None
    files[9] = b""
    files[11] = files[0] + b"\0" * 5000
    found = _read(image, files)
    left = set(range(200)) - set(found)
    assert {3, 5, 7, 9, 11, 70} <= left
    # Those beside the damaged one are read one by one, later.
    assert len(left) <= 6 + 63
    expected = image.transform(image.read(files[0])).numpy()
    assert all(np.array_equal(x, expected) for x in found.values())


def test_nothing_at_all_is_nothing():
    assert _read(Image(), []) == {}
    assert _read(Image(), [None, b"text"]) == {}


@pytest.mark.parametrize("step", ["check", "decode", "read"])
def test_a_subclass_with_a_step_of_its_own_is_read_by_its_steps(step):
    def own(self, value):
        return getattr(Image, step)(self, value)

    changed = type("Changed", (Image,), {step: own})
    assert reads_in_graph(Image()) and reads_in_graph(Audio())
    assert not reads_in_graph(changed())
    assert not reads_in_graph(Text())


def test_small_files_are_read_by_the_list_and_large_ones_alone():
    many = _Many(range(40))
    lists = iter(many)
    assert next(lists) == [0]
    many.note(None)  # A file that is gone says nothing of the others.
    assert next(lists) == [1]
    many.note(bytes(1000))
    assert next(lists) == list(range(2, 18))
    many.note(bytes(1_500_000))
    many.note(bytes(1000))
    assert next(lists) == [18, 19]
    many.note(bytes(9_000_000))
    assert [*lists] == [[number] for number in range(20, 40)]
