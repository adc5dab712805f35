"""The same rows from every kind of source, and their answers."""

import json

import numpy as np
import pandas as pd
import pytest

from mmfusion.data.checkup import check
from mmfusion.data.read import read, read_dataframe
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError, DataError
from tests.data.tiny import Digits, write_table


def inputs():
    return {
        "digits": Digits("file"),
        "note": Vector("note", dim=2, optional=True),
    }


@pytest.fixture
def frame(tmp_path):
    path = write_table(tmp_path)
    return pd.read_csv(path, keep_default_na=False)


def seen(data):
    rows = {}
    for split in (data.train, data.validation, data.test):
        x, y = split.arrays()
        for at, key in enumerate(split.ids()):
            rows[key] = (x["digits"][at].tolist(), int(y["label"][at]))
    return rows


def test_a_frame_and_files_of_every_format_are_the_same_rows(frame, tmp_path):
    expected = read(tmp_path / "table.csv", inputs(), "label", id="sku")
    frame.to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    frame.to_csv(tmp_path / "t.csv.gz", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    lines = [json.dumps(row) for row in frame.to_dict("records")]
    (tmp_path / "t.jsonl").write_text("\n".join(lines) + "\n")
    for name in ("t.tsv", "t.csv.gz", "t.parquet", "t.jsonl"):
        data = read(tmp_path / name, inputs(), "label", id="sku")
        assert data.splits == expected.splits
        assert seen(data) == seen(expected)
    data = read_dataframe(frame, inputs(), "label", root=tmp_path, id="sku")
    assert data.splits == expected.splits
    assert seen(data) == seen(expected)


def test_rows_of_a_frame_are_answered_in_its_order(frame, tmp_path):
    data = read_dataframe(frame, inputs(), "label", root=tmp_path, id="sku")
    asked = frame.drop(columns="label").iloc[[3, 1]]
    asked["file"] = [str(tmp_path / name) for name in asked["file"]]
    asked.loc[1, "note"] = np.nan
    from mmfusion.data.unlabelled import read_unlabelled

    split = read_unlabelled(asked, data.inputs, "sku", allow_outside_root=True)
    assert split.ids() == ["s3", "s1"] and split.status == ["ok", "ok"]
    x, _ = split.arrays()
    assert x["digits"].tolist() == [[3, 0], [1, 0]]
    assert x["note_present"].tolist() == [False, False]


def test_splits_by_file_stay_and_each_row_names_its_file(tmp_path):
    for name, start in (("train", 0), ("test", 20)):
        (tmp_path / name).mkdir()
        write_table(
            tmp_path / name,
            change=lambda lines, at=start: [
                line.__setitem__(0, f"s{at + row}")
                for row, line in enumerate(lines[1:])
            ],
        )
        for row in range(20):
            (tmp_path / name / f"{row}.txt").write_text(f"{start + row + 10}")
    source = {n: tmp_path / n / "table.csv" for n in ("train", "test")}
    data = read(source, inputs(), "label", id="sku")
    assert set(data.test.ids()) == {f"s{row}" for row in range(20, 40)}
    assert len(data.validation) == 2 and len(data.train) == 18
    (tmp_path / "test/3.txt").write_text("no digits")
    with pytest.raises(DataError) as caught:
        read(source, inputs(), "label", id="sku", bad_rows="skip")
    (line,) = caught.value.problems
    assert line.startswith(f"{source['test']}:5:file: ")
    assert line.endswith("it is in test, and only rows of training are skipped")
    for split in ({"test": 0.3}, {"validation": 0.1, "test": 0.2}):
        for function in (read, check):
            with pytest.raises(ArgumentError, match="splits of its own"):
                function(source, inputs(), "label", split=split)
    found = check(source, inputs(), "label", id="sku")
    assert found.splits == {"train": 18, "validation": 2, "test": 19}
    assert found.problems == [line.split("; it is in")[0]]


def test_a_folder_of_classes(tmp_path):
    for digit, kind in enumerate(("cat", "dog")):
        (tmp_path / "pets" / kind).mkdir(parents=True)
        for row in range(10):
            path = tmp_path / "pets" / kind / f"{row}.txt"
            path.write_text(f"{row}{digit}")
    data = read(tmp_path / "pets", {"digits": Digits("file")}, "label")
    assert data.train.classes["label"] == ["cat", "dog"]
    assert len(data.train) + len(data.validation) + len(data.test) == 20


def test_a_fault_in_the_first_row_of_typed_lines_is_one_of_a_row(tmp_path):
    rows = [{"v": "x" if row == 0 else "1", "y": row % 2} for row in range(8)]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(DataError) as caught:
        read(path, {"v": Vector("v", dim=1)}, "y", split={})
    assert type(caught.value) is DataError  # Exit code 1, not 2.
    assert caught.value.problems[0].startswith(f"{path}:1:v: ")
