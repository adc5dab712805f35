"""Files that train and are held out, too: by path, and by content."""

import warnings

import pytest

from mmfusion.data.read import read
from tests.data.tiny import Digits, write_table


def held_out(lines):
    names = ["split", *["train"] * 14, *["test"] * 6]
    for line, name in zip(lines, names, strict=True):
        line.append(name)


def told(folder, change):
    path = write_table(folder, change=change)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(path, {"d": Digits("file")}, "label", {"column": "split"})
    return [str(one.message) for one in caught]


def test_a_file_and_its_copy_are_told(tmp_path):
    def change(lines):
        held_out(lines)
        lines[16][1] = "3.txt"  # The same file as row 5.
        (tmp_path / "17.txt").write_text((tmp_path / "4.txt").read_text())

    (message,) = told(tmp_path, change)
    assert f"row 5 (train) and row 17 (test): {tmp_path / '3.txt'}; " in message
    assert (
        f"row 6 (train) and row 19 (test): {tmp_path / '17.txt'}, a copy of "
        f"{tmp_path / '4.txt'}. " in message
    )


@pytest.mark.parametrize("both", ["train", "test"])
def test_copies_on_one_side_are_no_leak(tmp_path, both):
    def change(lines):
        held_out(lines)
        one, other = {"train": (3, 4), "test": (17, 18)}[both]
        text = (tmp_path / f"{one}.txt").read_text()
        (tmp_path / f"{other}.txt").write_text(text)

    assert told(tmp_path, change) == []
