"""Several labels a row."""

import re

import numpy as np
import pytest
from sklearn.preprocessing import MultiLabelBinarizer

from mmfusion.data.arrays import from_arrays
from mmfusion.data.modality import BadValue
from mmfusion.data.read import read
from mmfusion.data.target import LabelsTarget
from mmfusion.errors import ArgumentError, DataError


def test_rows_are_zeros_and_ones_as_in_scikit_learn():
    rows = [("new", "red"), (), ("10", "9"), ("red",)]
    target = LabelsTarget()
    target.adapt([*rows, None])
    expected = MultiLabelBinarizer(classes=target.classes).fit_transform(rows)
    found = target.encode([*rows, None])
    np.testing.assert_array_equal(found[:4], expected)
    assert found.dtype == "float32" and not found[4].any()
    assert target.classes == ["10", "9", "new", "red"]


@pytest.mark.parametrize(
    "value, labels",
    [
        ("red| new ", ("red", "new")),
        ("red", ("red",)),
        (["red", "new"], ("red", "new")),
        (np.array([3, 4]), (3, 4)),
        ([], ()),
        (7, (7,)),
        ("[]", ()),
        (" [ ] ", ()),
        ('["red|hot", "new"]', ("red|hot", "new")),
        ("[3, 4]", (3, 4)),
        ("[red]|new", ("[red]", "new")),
    ],
)
def test_a_cell_is_a_list_or_a_text_with_separators(value, labels):
    assert not LabelsTarget().is_missing(value)
    assert LabelsTarget().read(value) == labels


@pytest.mark.parametrize(
    "value, what",
    [
        ("red||new", "an empty label"),
        ("red|red", "a label twice"),
        ([1.5], "words or whole numbers"),
        ([True], "words or whole numbers"),
        ([["a"]], "words or whole numbers"),
        ('["a", ""]', "an empty label"),
        ('["a", null]', "words or whole numbers"),
        ('["\\ud83d"]', "not UTF-8"),
    ],
)
def test_what_is_no_label_is_refused(value, what):
    with pytest.raises(BadValue, match=what):
        LabelsTarget().read(value)


def test_an_empty_text_means_what_the_user_says():
    assert LabelsTarget().is_missing("")
    none = LabelsTarget(empty="none")
    assert not none.is_missing("") and none.read("") == ()


def test_each_label_may_have_a_column_of_its_own():
    target = LabelsTarget(columns=["b", "a"])
    cells = {"b": "1", "a": "0"}
    assert target.read(cells) == ("b",)
    assert target.read({"b": True, "a": 1.0}) == ("b", "a")
    target.adapt([("a",)])
    assert target.classes == ["b", "a"]
    with pytest.raises(BadValue) as caught:
        target.read({"b": "2", "a": ""})
    assert [column for column, _ in caught.value.faults] == ["b", "a"]
    with pytest.raises(ArgumentError, match="not both"):
        LabelsTarget("a", columns=["b"])


def test_labels_that_teach_nothing_are_faults():
    names = ["train", "train", "train", "test"]
    target = LabelsTarget()
    faults = target.faults([("a", "b"), ("a",), ("a",), ("c",)], names)
    assert [row for _, row in faults] == [3, None]
    assert "label 'c' is in test and not in training" in faults[0][0]
    assert "'a' is the same in every training row" in faults[1][0]
    assert "no training row" in target.faults([(), (), (), ("a",)], names)[0][0]
    assert "one label only" in target.faults([("a",), (), (), ()], names)[0][0]
    columns = LabelsTarget(columns=["a", "b"])
    columns.adapt([])
    faults = columns.faults([("a",), (), (), ("a",)], names)
    assert len(faults) == 1 and "'b' is the same" in faults[0][0]


def test_a_table_of_tags(tmp_path):
    tags = ["red|new", "red", "", "new"] * 10
    lines = [f"{row},{tag}" for row, tag in enumerate(tags)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["n,tags", *lines]))
    from mmfusion.data import Vector

    inputs = {"n": Vector("n", dim=1)}
    what = r"t\.csv:4:tags: has no label; fill it in, write \[\] for none, or"
    with pytest.raises(DataError, match=what):
        read(path, inputs, LabelsTarget("tags"))
    text = path.read_text()
    path.write_text(re.sub(",$", ",[]", text, flags=re.MULTILINE))
    inputs = {"n": Vector("n", dim=1)}
    train = read(path, inputs, {"tags": LabelsTarget("tags")}).train
    assert train.classes == {"tags": ["new", "red"]}
    assert {tuple(row) for row in train.targets["tags"].tolist()} == {
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    }
    path.write_text(text)
    target = {"tags": LabelsTarget("tags", empty="none")}
    data = read(path, {"n": Vector("n", dim=1)}, target)
    assert data.target == {"tags": "tags"}
    assert data.schema.targets["tags"].task == "multi_label"
    assert data.schema.targets["tags"].arguments == {"classes": ["new", "red"]}
    x, y = next(iter(data.test.batches(8)))
    for n, row in zip(x["n"].numpy()[:, 0], y["tags"].numpy(), strict=True):
        found = {c for c, on in zip(["new", "red"], row, strict=True) if on}
        assert found == set(tags[int(n)].split("|")) - {""}


def test_lists_of_labels_in_memory():
    data = from_arrays(
        {"v": np.zeros((4, 1), "float32")},
        {"tags": [["a"], ["b", "a"], [], ["b"]]},
        kinds={"tags": LabelsTarget()},
        splits={"train": [0, 1, 2], "test": [3]},
    )
    assert data.train.targets["tags"].tolist() == [[1, 0], [1, 1], [0, 0]]
    assert data.test.targets["tags"].tolist() == [[0, 1]]
