"""Files and folders: whole or not at all."""

import stat

import pytest

from mmfusion import files
from mmfusion.errors import ArgumentError


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "model.keras"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="disk full"):
        with files.whole_file(path) as draft:
            draft.write_text("half")
            raise RuntimeError("disk full")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["model.keras"]


def test_a_new_file_is_readable_by_others_as_any_file_is(tmp_path):
    files.write_text(tmp_path / "a.txt", "x")
    (tmp_path / "b.txt").write_text("x")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "run"
    with pytest.raises(RuntimeError):
        with files.whole_folder(path) as draft:
            (draft / "half").write_text("x")
            raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with files.whole_folder(path) as draft:
        (draft / "a").write_text("x")
        assert not path.exists()
    assert (path / "a").read_text() == "x"
    with pytest.raises(ArgumentError, match="exists already"):
        with files.whole_folder(path):
            pass


def test_nan_never_gets_into_json(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        files.write_json(tmp_path / "a.json", {"value": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(ArgumentError, match="a.json` is not a JSON file"):
        files.read_json(tmp_path / "a.json")
    for text in ("[" * 100_000, "1" * 5000):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(ArgumentError, match="a.json` is not a JSON file"):
            files.read_json(tmp_path / "a.json")
    with pytest.raises(ArgumentError, match="cannot be read: No such file"):
        files.read_json(tmp_path / "b.json")
