"""The SHA-256 of a folder: of names and contents, and of nothing else."""

import hashlib
import os
import shutil

import pytest

from mmfusion.errors import ArgumentError
from mmfusion.trust import checksum


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one" / "b").mkdir(parents=True)
    (tmp_path / "one" / "a.txt").write_bytes(b"xy")
    (tmp_path / "one" / "b" / "c.bin").write_bytes(bytes(3 << 20))
    return tmp_path / "one"


def test_it_is_the_formula(folder):
    digest = hashlib.sha256()
    for name, content in ((b"a.txt", b"xy"), (b"b/c.bin", bytes(3 << 20))):
        for part in (name, content):
            digest.update(len(part).to_bytes(8, "big") + part)
    assert checksum(folder) == digest.hexdigest()


def test_place_date_rights_and_empty_folders_do_not_matter(folder, tmp_path):
    before = checksum(folder)
    moved = shutil.copytree(folder, tmp_path / "two", copy_function=shutil.copy)
    (moved / "empty").mkdir()
    os.utime(moved / "a.txt", (0, 0))
    os.chmod(moved / "a.txt", 0o600)
    assert checksum(moved) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda f: (f / "a.txt").write_bytes(b"xz"),
        lambda f: (f / "a.txt").rename(f / "b.txt"),
        lambda f: (f / "more").write_bytes(b""),
        lambda f: (f / "b" / "c.bin").rename(f / "c.bin"),
    ],
)
def test_every_change_shows(folder, change):
    before = checksum(folder)
    change(folder)
    assert checksum(folder) != before


def test_bytes_cannot_move_between_name_and_content(tmp_path):
    for name, content in (("ab", b"c"), ("a", b"bc")):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_bytes(content)
    assert checksum(tmp_path / "ab") != checksum(tmp_path / "a")


@pytest.mark.parametrize("target", ["a.txt", "b", "nowhere"])
def test_links_are_refused(folder, target):
    (folder / "link").symlink_to(folder / target)
    with pytest.raises(ArgumentError, match="a link"):
        checksum(folder)
