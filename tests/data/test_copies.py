"""Files of equal content."""

import pathlib

import pytest

from mmfusion.data import copies
from mmfusion.data.copies import copies_among


@pytest.fixture
def files(tmp_path):
    def write(**contents):
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content)
        return [str(tmp_path / name) for name in contents]

    return write


def test_a_byte_that_differs_makes_no_copy(files):
    content = bytes(100_000)
    first, same, other = files(
        first=content, same=content, other=content[:-1] + b"1"
    )
    assert copies_among([first], [other, same]) == {same: first}


def test_what_is_no_file_is_no_copy(files, tmp_path):
    (a,) = files(a=b"1")
    odd = [str(tmp_path / "none"), str(tmp_path), "a\0b"]
    assert copies_among([a, *odd], odd) == {}


def test_files_that_differ_are_hardly_read(files, monkeypatch):
    read = []

    def digest(path):
        read.append(pathlib.Path(path).name)
        return path

    monkeypatch.setattr(copies, "file_digest", digest)
    shared = bytes(9000)
    a, b, c, d, e = files(
        a=shared, b=shared[:-1], c=b"1" * 9000, d=shared, e=b"2" * 9000
    )
    copies_among([a, b, c], [d, e])
    assert sorted(read) == ["a", "d"]
