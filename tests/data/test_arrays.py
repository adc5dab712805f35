"""Data sets from what is in memory."""

import numpy as np
import pytest

from mmfusion.data.arrays import from_arrays
from mmfusion.data.image import Image
from mmfusion.data.text import Text
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError, DataError
from tests.data.tiny import Digits

LABELS = {"label": ["a", "b"] * 5}
VECTORS = np.arange(20, dtype="float32").reshape(10, 2)


def problems(*arguments, **options):
    with pytest.raises(DataError) as caught:
        from_arrays(*arguments, **options)
    return caught.value.problems


def test_modalities_follow_from_the_values():
    data = from_arrays(
        {
            "vector": VECTORS,
            "whole": VECTORS.astype("int64"),
            "text": ["one two"] * 10,
            "words": np.array(["one", "two"] * 5),
            "some": ["one", None] * 5,
            "grey": np.zeros((10, 4, 5), "uint8"),
            "image": np.zeros((10, 4, 5, 3), "uint8"),
        },
        LABELS,
    )
    kinds = {name: type(m) for name, m in data.inputs.items()}
    assert kinds == {
        "vector": Vector,
        "whole": Vector,
        "text": Text,
        "words": Text,
        "some": Text,
        "grey": Image,
        "image": Image,
    }
    assert data.inputs["image"].size == (4, 5)
    optional = [name for name, m in data.inputs.items() if m.optional]
    assert optional == ["some"]
    assert data.target == {"label": None}


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((10, 4, 5, 3), "float32"),
        np.zeros(10),
        [np.zeros(3)] * 10,
        [None] * 10,
    ],
)
def test_what_is_not_clear_is_asked_for(values):
    with pytest.raises(ArgumentError, match="modalities={'x'"):
        from_arrays({"x": values}, LABELS)


def test_large_arrays_are_not_copied():
    data = from_arrays({"v": VECTORS}, LABELS)
    for split in (data.train, data.test):
        assert split.columns["v"].values is VECTORS


def test_indices_make_splits_and_other_rows_are_left_out():
    data = from_arrays(
        {"v": VECTORS},
        {"label": ["a", "b"] * 4 + ["a", "other"]},
        splits={"train": np.array([8, 1, 0]), "test": range(4, 6)},
    )
    assert data.schema.targets["label"].classes == ("a", "b")
    assert len(data.train) == 3 and "'train': 3" in repr(data)
    assert data.train.ids() == ["0", "1", "8"]
    assert data.test.ids() == ["4", "5"] and data.validation is None
    assert data.splits == {
        "0": "train",
        "1": "train",
        "4": "test",
        "5": "test",
        "8": "train",
    }


def test_a_row_in_two_splits_is_a_fault():
    found = problems(
        {"v": VECTORS}, LABELS, splits={"train": [0, 1, 2, 2], "test": [1, 4]}
    )
    assert found == [
        "arrays:1: is in train and in test; give it one split",
        "arrays:2: is in train twice; name it once",
    ]
    with pytest.raises(ArgumentError, match="between 0 and 9"):
        from_arrays({"v": VECTORS}, LABELS, splits={"train": [10]})


def test_fractions_are_drawn_as_from_a_table():
    labels = {"label": ["a", "b"] * 50}
    v = np.zeros((100, 1), "float32")
    data = from_arrays({"v": v}, labels)
    sizes = [len(s) for s in (data.train, data.validation, data.test)]
    assert sizes == [70, 10, 20]
    counts = np.bincount(data.test.targets["label"])
    assert counts.tolist() == [10, 10]
    groups = [i // 10 for i in range(100)]
    data = from_arrays({"v": v}, labels, groups=groups, splits={"test": 0.2})
    assert len(set(data.test.groups) & set(data.train.groups)) == 0
    assert data.test.unit == "group" and data.validation is None


def test_a_group_on_two_sides_is_a_fault():
    found = problems(
        {"v": VECTORS},
        LABELS,
        groups=["x"] * 5 + ["y"] * 5,
        splits={"train": range(6), "test": range(6, 10)},
    )
    assert len(found) == 4 and "group 'y' is in train, too" in found[0]


def test_all_faults_are_found_at_once():
    v = VECTORS.copy()
    v[3] = np.nan
    labels = ["a", "b"] * 4 + ["a", None]
    ids = ["x", "x", *"abcdefgh"]
    digits = [b"12"] * 8 + [b"no", None]
    found = problems(
        {"v": v, "d": digits},
        {"label": labels},
        modalities={"d": Digits()},
        ids=ids,
    )
    assert [line.split(":")[1:3] for line in found] == [
        ["1", "ids"],
        ["3", "v"],
        ["8", "d"],
        ["9", "label"],
        ["9", "d"],
    ]


def test_numbers_as_labels_stay_numbers():
    labels = np.array([10, 9] * 5, "uint8")
    data = from_arrays(
        {"v": VECTORS}, {"label": labels}, splits={"train": range(10)}
    )
    assert data.train.classes == {"label": [9, 10]}
    assert data.train.targets["label"].tolist() == [1, 0] * 5
    assert type(data.schema.targets["label"].classes[0]) is int


def test_lengths_must_agree():
    with pytest.raises(ArgumentError, match="'v': 10.*'label': 9"):
        from_arrays({"v": VECTORS}, {"label": ["a"] * 9})
    with pytest.raises(ArgumentError, match="'ids': 1"):
        from_arrays({"v": VECTORS}, LABELS, ids=["a"])
    with pytest.raises(ArgumentError, match="at least one input"):
        from_arrays({}, LABELS)


def test_a_file_in_two_splits_is_warned_of(tmp_path):
    paths = [tmp_path / f"{i % 9}.txt" for i in range(10)]
    for path in paths:
        path.write_text("12")
    with pytest.warns(UserWarning, match=r"row 0 \(train\) and row 9 \(test\)"):
        from_arrays(
            {"d": paths},
            LABELS,
            modalities={"d": Digits()},
            splits={"train": range(8), "test": [8, 9]},
        )
