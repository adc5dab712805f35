"""Folders of files with a table of them."""

import pytest

from mmfusion.data import Image
from mmfusion.data.source import TableSource
from mmfusion.data.tables import fingerprint, read_table


def test_a_table_beside_its_files(write, tmp_path):
    write("data/metadata.csv", "file_name,text\nin/a.png,x\n./b.png,y\n")
    for name in ("in/a.png", "b.png", "c.png", "in/d.png", ".hidden", "e", "f"):
        write(f"data/{name}")
    table = read_table(tmp_path / "data")
    assert table.columns == ("file_name", "text")
    assert table.column("text") == ["x", "y"]
    assert table.root_of(0) == tmp_path / "data"
    assert table.place(1) == (str(tmp_path / "data/metadata.csv"), 3)
    [note] = table.notes
    assert note.endswith("that no row names: 4 (c.png, e, f, ...)")


def test_values_of_json_lines_keep_their_types(write, tmp_path):
    write("data/a.png")
    write("data/b.png")
    write(
        "data/metadata.jsonl",
        '{"file_name": "a.png", "age": 3}\n{"file_name": "b.png"}\n',
    )
    table = read_table(tmp_path / "data")
    assert table.rows == [("a.png", 3), ("b.png", "")] and not table.notes


@pytest.fixture
def parts(write, tmp_path):
    """A folder with metadata in its splits; the columns in another order."""
    write("data/train/metadata.csv", "file_name,label\na.png,cat\n")
    write("data/dev/metadata.csv", "label,file_name\ndog,a.png\ncat,b.png\n")
    for name in ("train/a.png", "dev/a.png", "dev/b.png", "dev/spare.png"):
        write(f"data/{name}")
    return tmp_path / "data"


def test_fault_08_each_split_has_its_own_root(parts):
    table = read_table(parts)
    assert table.columns == ("file_name", "label", "split")
    assert sorted(table.rows) == [
        ("a.png", "cat", "train"),
        ("a.png", "dog", "validation"),
        ("b.png", "cat", "validation"),
    ]
    source = TableSource(table, Image(column="file_name", size=(4, 4)))
    files = [source.value(row) for row in range(3)]
    assert sorted(files) == [
        parts / "dev/a.png",
        parts / "dev/b.png",
        parts / "train/a.png",
    ]
    row = table.rows.index(("b.png", "cat", "validation"))
    assert table.place(row) == (str(parts / "dev/metadata.csv"), 3)
    assert table.split_column == "split"
    [note] = table.notes
    assert "dev/metadata.csv" in note and "1 (spare.png)" in note


def test_what_does_not_fit_is_named(parts, write, fault):
    write("data/dev/metadata.jsonl", '{"file_name": "a.png", "label": "x"}\n')
    assert "data:dev: has metadata.csv and metadata.jsonl" in fault(parts)
    (parts / "dev/metadata.jsonl").unlink()

    write("data/test/a.png")
    assert "data:test: has no metadata.csv or metadata.jsonl" in fault(parts)
    write("data/test/metadata.csv", "file_name,label,split\na.png,x,test\n")
    lines = fault(parts)
    assert "test/metadata.csv:1:split: a column of this name is made" in lines
    write("data/test/metadata.csv", "file_nam,label\na.png,x\n")
    lines = fault(parts)
    assert "data:test/metadata.csv: Unknown column 'file_name'" in lines
    assert "Did you mean 'file_nam'?" in lines
    write("data/test/metadata.csv", "file_name\na.png\n")
    assert "test/metadata.csv:1:label: there is no such column" in fault(parts)
    write("data/test/metadata.csv", "file_name,label\na.png,x\n")

    write("data/metadata.csv", "file_name,label\na.png,x\n")
    assert "has metadata.csv and so has train" in fault(parts)
    (parts / "metadata.csv").unlink()

    (parts / "val").symlink_to(parts / "dev")
    assert "data:val: is a second folder of the split 'val" in fault(parts)


def test_faults_of_all_splits_are_told_at_once(parts, write, fault):
    write("data/train/metadata.csv", "file_name,file_name\na,b\n")
    write("data/dev/metadata.csv", b"file_name,\xff\na,b\n")
    lines = fault(parts)
    assert "train/metadata.csv:1:file_name: the header has" in lines
    assert "dev/metadata.csv:1: is not UTF-8" in lines


def test_fault_08_a_link_out_of_the_folder(parts, fault, tmp_path):
    (tmp_path / "test").mkdir()
    (tmp_path / "test/metadata.csv").write_text("file_name,label\na,x\n")
    (parts / "test").symlink_to(tmp_path / "test")
    assert "data:test: 'test' leads out of the folder" in fault(parts)
    assert len(read_table(parts, allow_outside_root=True)) == 4


def test_fault_13_other_metadata_are_another_table(parts, write):
    before = fingerprint(parts)
    write("data/dev/a.png", b"other")
    assert fingerprint(parts) == before
    write("data/dev/metadata.csv", "label,file_name\ndog,a.png\ncat,c.png\n")
    assert fingerprint(parts) != before
