"""Which format a path is of, and tables of several files."""

import os
import pathlib

import pytest

from mmfusion import files, registry
from mmfusion.data import Image
from mmfusion.data.read import read
from mmfusion.data.source import TableSource
from mmfusion.data.tables import fingerprint, joined, read_table, table_of
from mmfusion.errors import ArgumentError, DataError
from tests.data.tiny import Digits, write_table


def test_every_format_is_listed():
    assert registry.names("table") == [
        "class_folder",
        "csv",
        "jsonl",
        "metadata_folder",
        "parquet",
        "tsv",
    ]


def test_no_path_is_of_two_formats(write, tmp_path):
    write("a/metadata.csv", "file_name\nx\n")
    write("a/cats/x.png")
    write("b/cats/x.png")
    write("c/train/metadata.csv", "file_name\nx\n")
    paths = [tmp_path / name for name in "abc"]
    formats = [registry.get("table", n) for n in registry.names("table")]
    for suffix in [s for one in formats for s in one.suffixes]:
        paths.append(write(f"t{suffix}"))
    for path in paths:
        assert sum(one.recognises(path) for one in formats) == 1, path


@pytest.mark.parametrize(
    "name, content, what",
    [
        ("a.txt", b"a,b\n1,2\n", "holds text, and its name ends in none of"),
        ("a.txt", b"a,b\n1,2\n", ".csv, .csv.gz, .jsonl"),
        ("a.xlsx", b"PK\x03\x04", "holds ZIP, and"),
        ("a.xlsx", b"PK\x03\x04", "save the sheet as CSV, in UTF-8"),
        ("a.xls", b"\xd0\xcf", "save the sheet as CSV, in UTF-8"),
        ("a.json", b'[{"a": 1}]', "one object in each line, and call it .jso"),
        ("csv", b"\x89PNG\r\n\x1a\n", "holds PNG, and"),
        ("a.csv.zip", b"PK\x03\x04", "unpack it"),
    ],
)
def test_what_is_no_table_is_told_what_to_become(
    write, fault, name, content, what
):
    assert what in fault(write(name, content))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.csv",
        "s3://bucket/train.jsonl",
        "file:///data/a.csv",
        pathlib.Path("https://example.org/a.csv"),
    ],
)
def test_fault_08_a_url_is_refused(fault, url):
    assert "is a URL; download the table and give its path" in fault(url)


def test_fault_01_nothing_there(write, fault, tmp_path):
    for name in ("none.csv", "none.jsonl", "none", "none/"):
        assert "No such file or directory" in fault(tmp_path / name)
    for suffix in (".csv", ".tsv", ".jsonl"):
        assert "is empty" in fault(write(f"a{suffix}"))
    (tmp_path / "empty").mkdir()
    assert "is a directory that holds no table" in fault(tmp_path / "empty")
    (tmp_path / "a.csv").unlink()
    os.mkfifo(tmp_path / "a.csv")
    assert "is not a regular file" in fault(tmp_path / "a.csv")


@pytest.mark.parametrize("source", [None, 7, "", ["a.csv"], {}, b"a.csv"])
def test_what_names_no_table_is_an_argument_error(source):
    with pytest.raises(ArgumentError, match="expects"):
        read_table(source)


def test_fault_05_words_and_codes_are_strings(write):
    text = "id,word\n007,NA\n1e3,null\n,None\n"
    for name, content in {
        "a.csv": text,
        "a.tsv": text.replace(",", "\t"),
    }.items():
        table = read_table(write(name, content))
        assert table.rows == [("007", "NA"), ("1e3", "null"), ("", "None")]


def test_fault_08_paths_are_relative_to_the_table(write, tmp_path, monkeypatch):
    write("one/t.csv", "file\nx.png\n")
    write("two/t.csv", "file\nx.png\n../one/x.png\n")
    monkeypatch.chdir(tmp_path)
    table = read_table({"train": "one/t.csv", "test": "two/t.csv"})
    source = TableSource(table, Image(column="file", size=(4, 4)))
    assert source.value(0) == pathlib.Path("one/x.png")
    assert source.value(1) == pathlib.Path("two/x.png")
    assert source.name_of(0) != source.name_of(1)
    with pytest.raises(DataError, match="leads out of the folder"):
        source.value(2)


def test_a_file_for_each_split(write):
    paths = {
        "test": write("test.csv", "b,a\n1,2\n"),
        "dev": write("dev.csv", "a,b\n3,4\n5\n6,7\n"),
        "train": write("train.csv", "a,b\n\n8,9\n"),
    }
    table = read_table(paths)
    assert table.columns == ("b", "a", "split")
    assert table.rows == [
        ("1", "2", "test"),
        ("4", "3", "validation"),
        ("", "", "validation"),
        ("7", "6", "validation"),
        ("", "", "train"),
        ("9", "8", "train"),
    ]
    assert [table.place(row) for row in range(6)] == [
        (str(paths["test"]), 2),
        (str(paths["dev"]), 2),
        (str(paths["dev"]), 3),
        (str(paths["dev"]), 4),
        (str(paths["train"]), 2),
        (str(paths["train"]), 3),
    ]
    assert "too few fields" in table.faults[2]
    assert "line is empty" in table.faults[4] and len(table.faults) == 2
    assert table.source == ", ".join(map(str, paths.values()))
    assert table.split_column == "split"


def test_files_of_splits_fit_each_other(write, fault):
    paths = {
        "train": write("train.csv", "a,b\n1,2\n"),
        "test": write("test.csv", "a,c\n1,2\n"),
    }
    lines = fault(paths)
    assert f"test.csv:1:b: there is no such column, and {paths['train']} h" in (
        lines
    )
    assert "train.csv:1:c: there is no such column" in lines
    paths["test"] = write("test.csv", "a,b,split\n1,2,test\n")
    lines = fault(paths)
    assert "test.csv:1:split: a column of this name is made of" in lines
    paths["validation"] = "none.csv"
    paths["test"] = write("test.csv", "")
    lines = fault(paths)
    assert "none.csv: cannot be read" in lines and "is empty" in lines


def test_fault_11_a_type_does_not_change_between_files(write, fault):
    paths = {
        "train": write("train.jsonl", '{"a": null}\n{"a": 1}\n'),
        "test": write("test.jsonl", '{"a": "1"}\n'),
    }
    assert "test.jsonl::a: is a string here, and a number in" in fault(paths)
    paths["test"] = write("test.jsonl", '{"a": 1.5}\n')
    assert len(read_table(paths)) == 3


def test_names_of_splits_are_checked(write):
    path = write("a.csv", "a\n1\n")
    with pytest.raises(ArgumentError, match="Did you mean 'train'"):
        read_table({"trian": path})
    with pytest.raises(ArgumentError, match="'validation' twice"):
        read_table({"val": path, "dev": write("b.csv", "a\n1\n")})
    with pytest.raises(ArgumentError, match="'train' and 'test' are one"):
        read_table({"train": path, "test": path.parent / "." / "a.csv"})


def test_what_one_file_cannot_read_is_no_column_of_the_whole(write):
    one = write("one.jsonl", '{"a": 1, "m": "x", "b": 2}\n')
    two = write("two.jsonl", '{"a": 3, "m": {}, "b": 4}\n')
    three = write("three.jsonl", '{"a": 5, "b": 6}\n{"a": "7"}\n')
    paths = {"train": one, "validation": two, "test": three}
    for given in (paths, dict(reversed(paths.items()))):
        table = read_table(given)
        assert table.columns == ("a", "b", "split")
        assert list(table.unreadable) == ["m"] and "'m'" in table.notes[0]
        [(at, name)] = table.cell_faults
        assert table.place(at) == (str(three), 2) and name == "a"


def test_unreadable_columns_and_notes_are_kept():
    first, second = table_of([{"a": 1}]), table_of([{"a": 2}, {"a": 3}])
    first.unreadable, second.notes = {"m": "holds structs"}, ["a note"]
    first.unreadable, second.unreadable = {"m": "holds structs"}, {"m": "too"}
    table = joined({"train": first, "test": second})
    assert list(table.unreadable) == ["m"] and table.notes == ["a note"]
    assert table.missing_columns(["m"])


def test_fault_13_a_changed_file_is_another_table(write):
    path, other = write("a.csv", "a\n1\n"), write("b.csv", "a\n2\n")
    assert fingerprint(path) == fingerprint(str(path)) == files.checksum(path)
    both = fingerprint({"train": path, "test": other})
    assert both == fingerprint({"test": str(other), "train": path})
    assert both != fingerprint({"train": other, "test": path})
    other.write_text("a\n3\n")
    assert both != fingerprint({"train": path, "test": other})
    with pytest.raises(DataError, match="No such file"):
        fingerprint(path.parent / "none.csv")


def test_a_training_reads_a_file_for_each_split(tmp_path):
    paths = {}
    for name, rows in {"train": 12, "validation": 6, "test": 9}.items():
        (tmp_path / name).mkdir()
        paths[name] = write_table(tmp_path / name, rows=rows)
        for row in range(rows):  # Two digits, and others in each folder.
            text = f"{row + 20 * len(paths)}"
            (tmp_path / name / f"{row}.txt").write_text(text)
    data = read(paths, {"digits": Digits("file")}, "label")
    sizes = [len(part) for part in (data.train, data.validation, data.test)]
    assert sizes == [12, 6, 9]
    # The files have equal names, and other contents in each folder.
    (tmp_path / "test/0.txt").write_text("no digits")
    with pytest.raises(DataError) as caught:
        read(paths, {"digits": Digits("file")}, "label")
    [line] = caught.value.problems
    assert line.startswith(f"{paths['test']}:2:file: ")
