"""The cache: what is decoded once stays decoded, and nothing old is served."""

import os
import shutil

import numpy as np
import pytest

from mmfusion.data import Image
from mmfusion.data.cache import Cache
from mmfusion.data.column import read_columns
from mmfusion.data.source import TableSource
from mmfusion.data.tables.table import table_of
from mmfusion.errors import ArgumentError
from tests.data.cases import file_of, picture
from tests.data.tiny import Digits


class Counted(Digits):
    """Digits that say which files they have read."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.read_files = []

    def arguments(self):
        return {"column": self.columns[0], "optional": self.optional}

    def read(self, value):
        self.read_files.append(os.path.basename(value))
        return super().read(value)


@pytest.fixture
def folder(tmp_path):
    """Files of two digits, named by a letter."""
    for number, name in enumerate("abcde"):
        (tmp_path / name).write_bytes(b"%d%d" % (number, 9 - number))
    return tmp_path


def read(folder, names, cache="cache", modality=None):
    """The column of some files, what was read, and what was reported."""
    modality = modality or Counted("file", optional=True)
    table = table_of([{"file": name} for name in names], root=folder)
    reports = []
    columns = read_columns(
        {"x": TableSource(table, modality)},
        lambda *report: reports.append(report),
        cache=cache and Cache(folder / cache),
    )
    return columns["x"], sorted(modality.read_files), reports


def rows_of(column):
    return column.rows(column.values, np.arange(len(column.present))).tolist()


def test_the_second_time_nothing_is_read(folder):
    first, read_first, _ = read(folder, "abc")
    again, read_again, _ = read(folder, "abc")
    assert read_first == ["a", "b", "c"] and read_again == []
    assert rows_of(again) == rows_of(first) == [[0, 9], [1, 8], [2, 7]]
    assert isinstance(again.values, np.memmap)
    assert again.present.all()


def test_only_what_is_new_or_changed_is_read(folder):
    read(folder, "abc")
    (folder / "b").write_bytes(b"55")
    os.utime(folder / "b", ns=(1, 1))  # Of the same size, at another time.
    column, now, _ = read(folder, "dcba")
    assert now == ["b", "d"]
    assert rows_of(column) == [[3, 6], [2, 7], [5, 5], [0, 9]]
    # What is there of either serves a third.
    column, now, _ = read(folder, "ad")
    assert now == [] and rows_of(column) == [[0, 9], [3, 6]]


def test_a_change_of_size_alone_is_a_change(folder):
    times = (folder / "a").stat()
    read(folder, "ab")
    (folder / "a").write_bytes(b"7")
    os.utime(folder / "a", ns=(times.st_atime_ns, times.st_mtime_ns))
    column, now, _ = read(folder, "ab")
    assert now == ["a"] and rows_of(column)[0] == [7, 0]


def test_bad_and_missing_values_are_told_each_time(folder):
    (folder / "e").write_bytes(b"no digits")
    names = ["a", "e", "", "gone"]
    told = []
    for _ in range(2):
        column, now, reports = read(folder, names)
        told.append(reports)
        assert column.present.tolist() == [True, False, False, False]
        assert rows_of(column)[1:] == [[0, 0]] * 3
    assert now == ["e", "gone"]
    assert told[0] == told[1]
    assert [report[1] for report in told[0]] == [1, 3]


def test_a_file_that_was_bad_is_read_once_it_is_good(folder):
    """Its time may be the same: a permission, or a disk that came back."""
    (folder / "e").write_bytes(b"no")
    os.utime(folder / "e", ns=(1, 1))
    read(folder, "ae")
    (folder / "e").write_bytes(b"44")
    os.utime(folder / "e", ns=(1, 1))
    column, now, reports = read(folder, "ae")
    assert set(now) == {"e"} and reports == []
    assert rows_of(column) == [[0, 9], [4, 4]]
    column, now, _ = read(folder, "ae")
    assert now == [] and rows_of(column) == [[0, 9], [4, 4]]
    assert len(list((folder / "cache").glob("*/*"))) == 1


def test_a_missing_value_of_a_modality_that_needs_one_is_told(folder):
    read(folder, ["a", ""])
    needed = Counted("file")
    _, _, reports = read(folder, ["a", ""], modality=needed)
    assert [report[4] for report in reports] == ["missing"]


def test_other_settings_are_other_values(folder):
    (folder / "p").write_bytes(file_of(picture(9, 9), "PNG"))
    shapes = []
    for size in ((4, 4), (5, 4), (4, 4)):
        table = table_of([{"file": "p"}], root=folder)
        source = TableSource(table, Image("file", size=size))
        columns = read_columns(
            {"x": source}, print, cache=Cache(folder / "cache")
        )
        shapes.append(columns["x"].values.shape)
    assert shapes == [(1, 4, 4, 3), (1, 5, 4, 3), (1, 4, 4, 3)]
    assert len(list((folder / "cache").iterdir())) == 2


def test_the_same_file_is_kept_once(folder):
    column, now, _ = read(folder, "abababa")
    assert now == ["a", "b"] and len(column.values) == 2
    assert rows_of(column) == [[0, 9], [1, 8]] * 3 + [[0, 9]]
    column, now, reports = read(folder, ["a", "gone", "a", "gone"], cache=None)
    assert now == ["a", "gone"]
    assert [report[1] for report in reports] == [1, 3]
    assert column.present.tolist() == [True, False, True, False]


def test_a_damaged_entry_is_named(folder):
    read(folder, "ab")
    (path,) = (folder / "cache").glob("*/*/values.npy")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ArgumentError, match="damaged.*Remove it"):
        read(folder, "ab")
    shutil.rmtree(path.parent)
    column, now, _ = read(folder, "ab")
    assert now == ["a", "b"] and rows_of(column) == [[0, 9], [1, 8]]


def test_what_fails_leaves_nothing_behind(folder):
    class Broken(Counted):
        def read(self, value):
            raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        read(folder, "ab", modality=Broken("file"))
    assert not list((folder / "cache").glob("*/*"))


def test_a_full_disk_is_said_before_anything_is_written(folder, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(ArgumentError, match="`cache` needs .* GB"):
        read(folder, "ab")


def test_no_folder_is_refused(folder):
    with pytest.raises(ArgumentError, match="`a` is a file|is a file"):
        Cache(folder / "a")
    with pytest.raises(ArgumentError, match="expects the path of a folder"):
        Cache(7)


def test_a_folder_that_cannot_be_written_is_named(folder):
    """A file stands where a folder of the entry would have to be made."""
    table = table_of([{"file": "a"}], root=folder)
    source = TableSource(table, Counted("file"))
    with pytest.raises(ArgumentError, match="`cache` cannot be written to"):
        read_columns({"x": source}, print, cache=Cache(folder / "b" / "c"))
    with pytest.raises(ArgumentError, match="`cache` cannot be written to"):
        Cache(folder / "b" / "c").scratch()((2, 2), "uint8")
