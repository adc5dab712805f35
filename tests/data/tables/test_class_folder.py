"""Folders of class folders as tables."""

import os

import pytest

from mmfusion.data.tables import fingerprint, read_table


@pytest.fixture
def tree(write, tmp_path):
    """Writes empty files and folders (ending in `/`); gives the root."""

    def tree(*names):
        (tmp_path / "data").mkdir(exist_ok=True)
        for name in names:
            if name.endswith("/"):
                (tmp_path / "data" / name).mkdir(parents=True)
            else:
                write(f"data/{name}")
        return tmp_path / "data"

    return tree


def test_the_folder_is_the_label(tree):
    root = tree("dogs/b.jpg", "cats/z.jpg", "cats/a.jpg", "Äpfel/1.png")
    table = read_table(root)
    assert table.columns == ("file", "label")
    assert table.rows == [
        ("cats/a.jpg", "cats"),
        ("cats/z.jpg", "cats"),
        ("dogs/b.jpg", "dogs"),
        ("Äpfel/1.png", "Äpfel"),
    ]
    assert table.root_of(0) == root and table.lines == [1, 2, 3, 4]
    assert not table.notes and not table.faults
    assert table.split_column is None


@pytest.mark.parametrize("held_out", ["validation", "val", "dev"])
def test_folders_of_splits_are_a_column(tree, held_out):
    table = read_table(
        tree(
            "train/a/1.png", "train/b/1.png", "test/a/2.png", f"{held_out}/a/3"
        )
    )
    assert table.columns == ("file", "label", "split")
    assert sorted(table.rows) == sorted(
        [
            ("train/a/1.png", "a", "train"),
            ("train/b/1.png", "b", "train"),
            ("test/a/2.png", "a", "test"),
            (f"{held_out}/a/3", "a", "validation"),
        ]
    )
    assert table.column("file") == sorted(table.column("file"))
    assert table.split_column == "split"


def test_a_class_may_be_called_as_a_split(tree):
    table = read_table(tree("train/1.png", "plane/1.png"))
    assert table.column("label") == ["plane", "train"]


def test_folders_of_splits_hold_folders(tree):
    table = read_table(tree("train/1.png", "test/1.png"))
    assert table.columns == ("file", "label")


def test_hidden_files_are_left_out_and_counted(tree):
    root = tree("a/1", "a/.DS_Store", ".git/x", "b/1", "b/.c", "b/.d")
    table = read_table(root)
    assert table.column("file") == ["a/1", "b/1"]
    [note] = table.notes
    assert "hidden" in note and "4 (.git, a/.DS_Store, b/.c, ...)" in note


@pytest.mark.parametrize(
    "names, what",
    [
        (("a/1", "b/"), "data:b: is an empty folder"),
        (("a/1", "readme.txt"), "data:readme.txt: is a file beside folders"),
        (("a/1", "a/b/2"), "data:a/b: is a folder in the folder of a class"),
        (("train/a/1", "cats/1"), "data:train/a: is a folder in the folder of"),
        (("train/a/1", "cats/1"), "if 'train' is a split, every folder beside"),
        (("train/a/1", "test/2"), "data:test/2: is a file beside folders"),
        (("train/a/1", "test/"), "data:test: is an empty folder"),
        (("train/a/1", "val/a/1", "dev/a/1"), "data:val: is a second folder"),
        (("train/a/1/x",), "data:train/a/1: is a folder in the folder"),
    ],
)
def test_all_that_is_no_class_folder_is_named(tree, fault, names, what):
    assert what in fault(tree(*names))


def test_all_faults_are_told_at_once(tree, fault):
    lines = fault(tree("a/1", "b/", "c/", "x", "a/d/1")).splitlines()
    assert len(lines) == 4


def test_fault_08_a_link_out_of_the_folder(tree, fault, tmp_path):
    root = tree("cats/a.jpg", "cats/b.jpg")
    (tmp_path / "secret").write_text("x")
    (root / "cats/aa.jpg").symlink_to(tmp_path / "secret")
    (root / "cats/c.jpg").symlink_to("b.jpg")
    (root / "cats/d.jpg").symlink_to("d.jpg")
    table = read_table(root)
    assert len(table) == 5 and list(table.faults) == [1, 4]
    assert "'cats/aa.jpg' leads out of the folder" in table.faults[1]
    assert "'cats/d.jpg' is no path" in table.faults[4]
    assert table.rows[1] == ("", "") and table.cell(3, "file") == "cats/c.jpg"
    allowed = read_table(root, allow_outside_root=True)
    assert allowed.cell(1, "file") == "cats/aa.jpg"

    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.jpg").write_text("x")
    (root / "dogs").symlink_to(tmp_path / "elsewhere")
    assert "data:dogs: 'dogs' leads out of the folder" in fault(root)
    allowed = read_table(root, allow_outside_root=True)
    assert allowed.rows[-1] == ("dogs/x.jpg", "dogs")


def test_a_name_that_is_no_text(tree, fault):
    root = tree("cats/a.jpg")
    try:
        (root / os.fsdecode(b"\xff")).mkdir()
    except OSError:
        pytest.skip("this file system takes texts only")
    (root / os.fsdecode(b"cats/\xfe.jpg")).write_text("x")
    lines = fault(root)
    assert "cats/\\udcfe.jpg: has a name that is not UTF-8" in lines
    assert "\\udcff: has a name that is not UTF-8" in lines
    lines.encode()


def test_fault_13_another_file_or_size_is_another_table(tree):
    root = tree("a/1", "b/2")
    before = fingerprint(root)
    assert fingerprint(root) == before and len(before) == 64
    (root / "a/1").write_text("longer")
    longer = fingerprint(root)
    (root / "a/.hidden").write_text("x")
    assert fingerprint(root) == longer
    (root / "a/1").rename(root / "a/2")
    assert len({before, longer, fingerprint(root)}) == 3
