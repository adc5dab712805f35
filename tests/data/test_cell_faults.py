"""A fault of a cell is told where its column is read, and nowhere else."""

import json

import pytest

from mmfusion.data.checkup import check
from mmfusion.data.inference import infer
from mmfusion.data.read import read
from mmfusion.data.tabular import Tabular
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError, DataError
from tests.data.tiny import Digits

# Of line 3: every column has a value of another type than the others.
ODD = {"v": "x", "file": 7, "y": 1, "id": 2, "part": 3, "g": 4, "spare": "5"}
ODD["steps"] = "1"


@pytest.fixture
def write(tmp_path):
    """Writes a table of 12 rows; some columns of line 3 are odd."""
    for name in ("train", "test"):
        (tmp_path / f"{name}.txt").write_text("1" if name == "train" else "2")

    def write(*odd):
        rows = [
            {
                "v": row / 2,
                "file": f"{'train' if row < 9 else 'test'}.txt",
                "y": "ab"[row % 2],
                "id": f"r{row}",
                "part": "train" if row < 9 else "test",
                "g": f"g{row}",
                "spare": row / 2,
                "steps": [row],
                "meta": {"at": row},
            }
            for row in range(12)
        ]
        rows[1]["file"] = ""  # Not what a cell at fault is taken for.
        rows[2] |= {name: ODD[name] for name in odd}
        path = tmp_path / "t.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)))
        return path

    return write


INPUTS = {
    "digits": Digits("file", optional=True),
    "facts": Tabular(numbers=["v"]),
}
OPTIONS = {"id": "id", "split": {"column": "part", "group": "g"}}


def test_a_column_that_nothing_reads_spoils_nothing(write):
    data = read(write("spare"), dict(INPUTS), "y", **OPTIONS)
    assert len(data.train) == 9 and len(data.test) == 3
    assert any("'meta' holds an object" in note for note in data.notes)
    assert not check(write("spare"), dict(INPUTS), "y", **OPTIONS).problems


@pytest.mark.parametrize("name", ["v", "file", "y", "id", "part", "g"])
def test_a_cell_that_is_read_is_told_once_with_its_place(write, name):
    path = write(name, "spare")
    with pytest.raises(DataError) as caught:
        read(path, dict(INPUTS), "y", **OPTIONS)
    [line] = caught.value.problems
    assert line.startswith(f"{path}:3:{name}: is a ")
    assert check(path, dict(INPUTS), "y", **OPTIONS).problems == [line]
    data = read(path, dict(INPUTS), "y", **OPTIONS, bad_rows="skip")
    assert data.skipped == [line] and len(data.train) == 8


def test_several_cells_of_a_row_are_told_each(write):
    path = write("v", "spare")
    facts = {"facts": Tabular(numbers=["v", "spare"])}
    with pytest.raises(DataError) as caught:
        read(path, facts, "y", split={})
    assert [line.split(": is")[0] for line in caught.value.problems] == [
        f"{path}:3:v",
        f"{path}:3:spare",
    ]


def test_a_column_that_cannot_be_read_is_told_by_one_line(write):
    path = write()
    for given in (
        {"inputs": {"m": Vector("meta", dim=1)}, "target": "y"},
        {"inputs": {"v": Vector("v", dim=1)}, "target": "meta"},
        {"inputs": {"v": Vector("v", dim=1)}, "target": "y", "id": "meta"},
    ):
        with pytest.raises(DataError) as caught:
            read(path, **given)
        [line] = caught.value.problems
        assert line.startswith(f"{path}:1:meta: holds an object")


@pytest.mark.parametrize(
    "name, what",
    [("v", "expects a number, received 'x'"), ("file", "expects a path, byt")],
)
def test_every_row_is_answered(write, name, what):
    data = read(write(), dict(INPUTS), "y", **OPTIONS)
    rows = read_unlabelled(write(name, "spare", "y"), data.inputs, "id")
    assert len(rows) == 12
    assert [at for at, s in enumerate(rows.status) if s != "ok"] == [2]
    assert rows.errors[2].startswith(f"{name}: {what}")
    assert read_unlabelled(write("id"), data.inputs, "id").ids()[2] == "2"


def test_a_cell_at_fault_is_told_of_what_is_kept(write, tmp_path):
    path = write("steps")
    for _ in range(2):
        facts = {"v": Vector("steps", dim=1)}
        data = read(
            path, facts, "y", bad_rows="skip", cache=tmp_path / "kept", split={}
        )
        assert len(data.skipped) == 1 and len(data.train) == 11


def test_a_proposal_says_how_many_rows_are_at_fault(write):
    path = write("v", "spare")
    at_fault = f"{path}: 1 of 12 rows are at fault; `mmfusion check` says"
    assert any(note.startswith(at_fault) for note in infer(path, "y").notes)
    notes = infer(path, "y", without=["v", "spare", "meta"]).notes
    assert not any("at fault" in note for note in notes)
    path.write_text(path.read_text() + "\n{")
    assert any("2 of 13 rows" in note for note in infer(path, "y").notes)
    with pytest.raises(ArgumentError, match="'meta' holds an object"):
        infer(path, "meta")
