"""Folders of data sets: what is missing or broken is one clear line."""

import gzip
import inspect

import pytest

import mmfusion as mm
from mmfusion import registry
from mmfusion.data.datasets.local import check_folder, read_rows, split_rows
from mmfusion.errors import ArgumentError, DataError

FROM_FOLDERS = ("clothing_reviews", "coco_mini", "grid", "vqa_rad")


@pytest.mark.parametrize("name", FROM_FOLDERS)
def test_a_missing_folder_is_one_line_that_says_what_belongs_there(
    name, tmp_path
):
    dataset = registry.get("dataset", name)
    for folder, what in (
        (tmp_path / "no", "is no folder"),
        (tmp_path, "lacks "),
    ):
        with pytest.raises(DataError, match=what) as caught:
            dataset(folder)
        message = str(caught.value)
        assert message.startswith(f"{folder}: {what}")
        assert "\n" not in message and caught.value.problems == [message]
        assert f"`{name}` expects " in message and " from " in message
        assert message.endswith("mmfusion downloads nothing by itself")
    assert not list(tmp_path.iterdir())
    for folder in (None, "", 3):
        with pytest.raises(ArgumentError, match="`folder` to be the path"):
            dataset(folder)


@pytest.mark.parametrize("name", registry.names("dataset"))
def test_arguments_are_plain_values_and_paths_are_known(name):
    dataset = registry.get("dataset", name)
    arguments = inspect.signature(dataset).parameters
    folders = {n for n in arguments if n in ("folder", "data_dir")}
    assert set(registry.paths("dataset", name)) == folders
    for argument in arguments.values():
        if argument.default is not argument.empty:
            plain = (str, int, float, bool, tuple, type(None))
            assert isinstance(argument.default, plain)


@pytest.mark.parametrize("name", [*FROM_FOLDERS, "cifar10_captions"])
def test_a_folder_in_a_recipe_is_relative_to_it(name, tmp_path, monkeypatch):
    recipe = tmp_path / "recipes/r.yaml"
    recipe.parent.mkdir()
    recipe.write_text(
        f"data: {{dataset: {{name: {name}, folder: ../files}}}}\n"
    )
    monkeypatch.chdir(tmp_path.parent)
    found = mm.recipe.load(recipe).resolved["data"]["dataset"]
    assert found["folder"] == str((tmp_path / "files").resolve())


def test_rows_are_strings_by_column(tmp_path):
    text = '\ufeffa,b,c\n007,"x,\ny",\n\nNA,,z\n'
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(text.encode()))
    for name in ("t.csv", "t.csv.gz"):
        assert read_rows(tmp_path / name, ["b", "a"]) == [
            {"b": "x,\ny", "a": "007"},
            {"b": "", "a": "NA"},
        ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not enough values"),
        (b"a,b\n1\n", "record 1 has 1 cells, the header has 2"),
        (b'a,b\n1,"2\n', "unexpected end of data"),
        (b"a,c\n1,2\n", "Unknown column 'b'. Available: a, c"),
        (b"a,b\n\xff,2\n", "'utf-8' codec can't decode"),
    ],
)
def test_a_broken_table_is_one_line(data, message, tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(DataError, match=message) as caught:
        read_rows(path, ["a", "b"])
    assert str(caught.value).startswith(f"{path}: ")
    assert caught.value.problems == [str(caught.value)]


def test_a_cut_off_archive_is_one_line(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n" * 50)[:30])
    with pytest.raises(DataError, match="cannot be read: .*; get the file"):
        read_rows(path, ["a"])


def test_a_split_that_is_none():
    rows = [{"split": "train"}, {"split": "tset"}, {"split": "train"}]
    with pytest.raises(DataError, match="record 2: 'tset' is no split"):
        split_rows(rows, {"train": "train", "test": "test"})
    rows[1]["split"] = "test"
    found = split_rows(rows, {"train": "train", "test": "test"})
    assert found == {"train": [0, 2], "test": [1]}


def test_a_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "here").mkdir()
    assert check_folder("grid", "~/here", [], "") == tmp_path / "here"
