"""Rows that wait for an answer."""

import numpy as np
import pandas
import pytest

from mmfusion.data.read import read_csv, read_dataframe
from mmfusion.data.tabular import Tabular
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError, DataError
from tests.data.tiny import Digits, write_table


@pytest.fixture
def data(tmp_path):
    given = {
        "digits": Digits("file"),
        "note": Vector("note", dim=2, optional=True),
    }
    return read_csv(write_table(tmp_path), given, "label", id="sku")


def test_bad_rows_keep_their_place_with_the_reason(data, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(
        "note,file,sku\n"  # Another order, and no target.
        "1 2,3.txt,x\n"
        ",none.txt,y\n"
        "1 2\n"
        "1 2 3,,\n"
        ",12.txt,x\n"
    )
    split = data.like(path)
    assert len(split) == 5 and split.name == "new.csv"
    assert split.ids() == ["x", "y", "", "", "x"]
    assert [status == "ok" for status in split.status] == [
        True,
        False,
        False,
        False,
        True,
    ]
    assert split.status[2] == "malformed row"
    assert split.status[3] == "digits: missing; note: cannot be decoded"
    assert split.errors[0] == split.errors[4] == ""
    assert split.errors[1].startswith("file: '")
    assert split.errors[2].startswith("too few fields, 1 where")
    assert "file: has no value" in split.errors[3]
    assert "note: expects a vector of 2" in split.errors[3]
    x, y = split.arrays()
    assert x["digits"][[0, 4]].tolist() == [[3, 0], [2, 1]] and y == {}
    assert x["note_present"].tolist() == [True, False, False, False, False]


def test_batches_without_targets_are_the_inputs_alone(data, tmp_path):
    batches = data.like(tmp_path / "table.csv").batches(8)
    assert sorted(batches.element_spec) == ["digits", "note", "note_present"]
    batch = next(iter(batches))
    assert batch["digits"][:, 0].numpy().tolist() == list(range(8))
    with pytest.raises(ArgumentError, match="`weight` needs targets"):
        data.like(tmp_path / "table.csv").batches(8, weight=np.ones(20))


def test_rows_may_be_dicts(data, tmp_path):
    rows = [
        {"file": b"45", "note": [1.0, 0.123456789]},
        {"file": str(tmp_path / "3.txt"), "sku": 7},
        {"file": np.array([6, 7], "uint8"), "other": 1},
        {},
    ]
    split = read_unlabelled(rows, data.inputs, "sku", allow_outside_root=True)
    assert split.ids() == ["", "7", "", ""]
    assert split.arrays()[0]["digits"].tolist() == [
        [4, 5],
        [3, 0],
        [6, 7],
        [0, 0],
    ]
    assert split.arrays()[0]["note"][0].tolist() == [
        1.0,
        np.float32(0.123456789),
    ]
    assert "leads out" in data.like(rows).errors[1]
    assert [s == "ok" for s in split.status] == [True, True, True, False]
    assert len(data.like([])) == 0


def test_a_column_that_is_missing_is_an_error(data, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("sku,files\nx,y\n")
    with pytest.raises(DataError) as caught:
        data.like(path)
    assert len(caught.value.problems) == 1  # `note` is optional.
    assert "Did you mean 'files'" in caught.value.problems[0]


def test_arrays_by_name(data):
    split = data.like({"digits": [b"12", None]})
    assert [s == "ok" for s in split.status] == [True, False]
    assert split.status[1] == "digits: missing"
    assert split.errors[1].startswith("digits: has no value")
    with pytest.raises(ArgumentError, match="no modality 'digit'"):
        data.like({"digit": [b"12"]})
    with pytest.raises(ArgumentError, match="as many values"):
        data.like({"digits": [b"1"], "note": []})
    with pytest.raises(ArgumentError, match="reads no column"):
        read_unlabelled([{"v": 1}], {"v": Vector(dim=1)})


def test_a_misspelt_column_of_rows_in_memory_is_no_absent_value(data):
    rows = [{"file": "3.txt", "notes": "1 2", "sku": "x"}]
    with pytest.raises(DataError, match="column 'note', but there is 'notes'"):
        data.like(rows)


def test_an_optional_input_without_its_column_is_absent_and_told(
    data, tmp_path
):
    path = tmp_path / "new.csv"
    path.write_text("sku,file,noise_note\nx,3.txt,1 2\ny,12.txt,\n")
    split = data.like(path)
    assert split.status == ["ok", "ok"]
    assert split.arrays()[0]["note_present"].tolist() == [False, False]
    (note,) = split.notes
    assert note.startswith("note: absent in every row: ")
    assert note.endswith(
        "has not the column 'note'; its columns are 'sku', 'file', 'noise_note'"
    )
    rows = [{"sku": "x", "file": str(tmp_path / "3.txt")}]
    (note,) = data.like(rows).notes
    assert note.endswith("'note'; its columns are 'file', 'sku'")
    assert data.like([]).notes == []


def test_a_misspelt_column_of_an_optional_input_is_refused(data, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("sku,file,notes\nx,3.txt,1 2\n")
    with pytest.raises(DataError, match="column 'note', but there is 'notes'"):
        data.like(path)


def test_some_columns_of_an_optional_input_are_not_enough(tmp_path):
    rows = [{"v": [n], "a": n, "b": n % 3, "y": n % 2} for n in range(9)]
    facts = Tabular(numbers=["a", "b"], optional=True)
    data = read_dataframe(
        pandas.DataFrame(rows), {"facts": facts, "v": Vector("v", dim=1)}, "y"
    )
    frame = pandas.DataFrame([{"v": [1.0], "a": 1.0}])
    with pytest.raises(DataError, match="Unknown column 'b'"):
        data.like(frame)
    assert data.like(frame[["v"]]).status == ["ok"]
