"""A row that waits for an answer is judged by itself, not by its neighbours."""

import json

import pandas
import pytest

from mmfusion.data.further import read_further
from mmfusion.data.read import read, read_dataframe
from mmfusion.data.tables import read_table
from mmfusion.data.tabular import Tabular
from mmfusion.data.text import Text
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.data.vector import Vector
from mmfusion.errors import DataError

# Values of one cell, of every type that JSON has.
VALUES = [
    *(21, 21.5, "53", "x", True, "", None, 1, 1.0, "1", 0, False),
    *([1.0], [1], ["1"], [], [True], {"a": 1}, [1, "2"], [None], [[1]]),
]


@pytest.fixture(scope="module")
def inputs():
    rows = [
        {"n": at, "c": "ab"[at % 2], "t": "a word", "v": [at], "y": at % 2}
        for at in range(9)
    ]
    given = {
        "facts": Tabular(numbers=["n"], categories=["c"]),
        "text": Text("t"),
        "vector": Vector("v", dim=1),
    }
    return dict(read_dataframe(pandas.DataFrame(rows), given, "y").inputs)


@pytest.fixture
def answers(tmp_path, inputs):
    """Status, error and what a model gets of every row."""

    def answers(rows, name="t.jsonl", of=inputs):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(map(json.dumps, rows)))
        split = read_unlabelled(path if name == "t.jsonl" else path.parent, of)
        arrays = split.arrays()[0]
        assert len(split) == len(rows)
        return [
            (
                split.status[at],
                split.errors[at],
                {key: array[at].tolist() for key, array in arrays.items()},
            )
            for at in range(len(split))
        ]

    return answers


def test_a_number_is_read_whatever_the_other_lines_hold(answers, inputs):
    of = {"facts": inputs["facts"]}
    rows = [{"n": n, "c": "a"} for n in (21, "53", "53")]
    assert [row[0] for row in answers(rows, of=of)] == ["ok"] * 3
    assert answers(rows, of=of)[1] == answers([rows[1]], of=of)[0]
    rows = [{"n": n, "c": "a"} for n in ({"is": 1}, {"is": 2}, 21)]
    found = [row[0] for row in answers(rows, of=of)]
    assert found[2] == "ok" and "ok" not in found[:2]


@pytest.mark.parametrize("key", "nctv")
def test_a_row_alone_is_answered_as_among_others(answers, key):
    usual = {"n": 1, "c": "a", "t": "a word", "v": [1.0]}
    rows = [usual | {key: value} for value in VALUES]
    alone = [answers([row])[0] for row in rows]
    for given in (rows, rows[::-1], [rows[1], *rows, *rows[1:2] * 40]):
        found = answers(given)
        places = [rows.index(row) for row in given]
        for row, at, one in zip(given, places, found, strict=True):
            same = [
                alone[n] for n, r in enumerate(rows) if repr(r) == repr(row)
            ]
            assert one in same, (row, one, alone[at])


def test_true_is_no_copy_of_1(answers, inputs):
    of = {"facts": inputs["facts"]}
    rows = [{"n": n, "c": "a"} for n in (1, True, 1.0, "1")]
    found = [row[0] == "ok" for row in answers(rows, of=of)]
    assert found == [True, False, True, True]


BAD = ["{", "[1]", "", '{"n": 1, "n": 2}', '{"n": 1e999}']


def write_lines(path, lines):
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([*lines, "{"]))
    return path


@pytest.mark.parametrize("id", [None, "id"])
def test_lines_of_which_none_is_good_are_answered(tmp_path, inputs, id):
    path = write_lines(tmp_path / "t.jsonl", BAD)
    rows = read_unlabelled(path, inputs, id)
    assert len(rows) == 6 and rows.status == ["malformed row"] * 6
    assert rows.ids() == ([""] * 6 if id else list("012345"))
    assert "is not JSON" in rows.errors[0] and "too large" in rows.errors[4]
    assert rows.arrays()[0]["text"].shape[0] == 6 and not rows.notes
    with pytest.raises(DataError) as caught:
        read(path, dict(inputs), "y")
    assert len(caught.value.problems) == 6


def test_a_folder_with_metadata_is_answered_alike(tmp_path, inputs, answers):
    of = {"facts": inputs["facts"]}
    rows = [{"file_name": "a", "n": n, "c": "a"} for n in (21, "53", "x")]
    found = answers(rows, "m/metadata.jsonl", of)
    assert found == answers(rows, of=of)
    assert [row[0] == "ok" for row in found] == [True, True, False]
    write_lines(tmp_path / "m/metadata.jsonl", BAD)
    rows = read_unlabelled(tmp_path / "m", of)
    assert rows.status == ["malformed row"] * 6


def test_a_folder_of_splits_keeps_the_rows_of_a_bad_one(tmp_path, inputs):
    of = {"facts": inputs["facts"]}
    parts = [tmp_path / "m" / name for name in ("train", "test", "dev")]
    (tmp_path / "m").mkdir()
    write_lines(parts[0] / "metadata.jsonl", BAD)
    good = '{"file_name": "a", "n": 21, "c": "a"}'
    write_lines(parts[1] / "metadata.jsonl", [good])
    write_lines(parts[2] / "metadata.jsonl", [good.replace("21", '"21"')])
    rows = read_unlabelled(tmp_path / "m", of)
    assert [s == "ok" for s in rows.status].count(True) == 2
    assert len(rows) == 10 and rows.status.count("malformed row") == 8
    with pytest.raises(DataError):
        read_table(tmp_path / "m")


def test_a_labelled_table_of_a_transfer_keeps_one_type(tmp_path, inputs):
    rows = [{"n": n, "c": "a", "y": n % 2} for n in range(8)]
    rows[3]["n"] = "3"
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(DataError) as caught:
        read_further(path, {"facts": inputs["facts"]}, "y")
    [line] = caught.value.problems
    assert line.startswith(f"{path}:4: n: is a string here, a number in line 1")
