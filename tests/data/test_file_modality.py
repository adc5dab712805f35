"""Paths and values that are no files, for every modality that reads them."""

import os

import pytest

from mmfusion.data import Audio, BadValue, Image

FILES = [Image(size=(4, 4)), Audio(sample_rate=8000)]


@pytest.fixture(params=FILES, ids=lambda x: type(x).__name__)
def modality(request):
    return request.param


def test_a_path_that_leads_nowhere_is_named(modality, tmp_path):
    for path, message in (
        (tmp_path / "none.bin", "none.bin' does not exist; correct the path"),
        (tmp_path, "is a directory; give the path of a file"),
        ("nul\0.bin", "cannot be read"),
        ("a" * 5000, "cannot be read: File name too long"),
    ):
        with pytest.raises(BadValue, match=message) as caught:
            modality.read(path)
        assert caught.value.reason == "file not found"


def test_a_pipe_is_not_waited_for(modality, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadValue, match="is not a regular file"):
        modality.read(tmp_path / "pipe")


def test_zero_bytes_are_said_so(modality, tmp_path):
    (tmp_path / "empty.jpg").write_bytes(b"")
    with pytest.raises(BadValue, match="empty.jpg' holds zero bytes"):
        modality.read(tmp_path / "empty.jpg")
    assert modality.is_missing(b"")


def test_other_values_are_refused(modality):
    for value in (3.5, {"a": 1}, None, ""):
        with pytest.raises(BadValue):
            modality.read(value)


def test_a_served_request_calls_it_bytes(modality):
    assert modality.raw_name("photo") == "photo_bytes"
