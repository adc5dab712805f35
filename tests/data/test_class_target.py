"""One class a row."""

import numpy as np
import pandas as pd
import pytest

from mmfusion.data.arrays import from_arrays
from mmfusion.data.modality import BadValue
from mmfusion.data.read import read_dataframe
from mmfusion.data.target.class_target import (
    ClassTarget,
    class_numbers,
    classes_of,
    warn_of_imbalance,
)
from mmfusion.data.text import Text
from mmfusion.errors import ArgumentError


@pytest.mark.parametrize(
    "labels, classes",
    [
        (["10", "9", "1"], ["1", "9", "10"]),
        (["007", "7", "10"], ["007", "7", "10"]),
        (["b", "a", "10", "9"], ["10", "9", "a", "b"]),
        (["nan", "2", "10"], ["10", "2", "nan"]),
        ([10, 9, 2], [2, 9, 10]),
    ],
)
def test_classes_are_sorted_sensibly_and_stay_what_they_are(labels, classes):
    assert classes_of(labels) == classes


def test_class_numbers_are_places():
    numbers = class_numbers(["b", None, "a"], ["a", "b"])
    assert numbers.tolist() == [1, -1, 0] and numbers.dtype == "int32"


def test_classes_are_words_or_whole_numbers():
    target = ClassTarget()
    assert [target.read(x) for x in ("a", 1, True)] == ["a", 1, "true"]
    assert type(target.read(np.int8(3))) is int
    assert target.read(np.str_("a")) == "a"
    assert target.is_missing("") and target.is_missing(None)
    assert not target.is_missing("nan")


def test_a_whole_number_that_pandas_made_a_float_is_that_number():
    read = [ClassTarget().read(x) for x in (1.0, -0.0, np.float32(2), 1e6)]
    assert read == [1, 0, 2, 1_000_000]
    assert {type(x) for x in read} == {int}


def test_a_frame_with_a_label_missing_has_classes():
    frame = pd.DataFrame(
        {"t": [f"word {n}" for n in range(21)], "y": [0, 1] * 10 + [None]}
    )
    data = read_dataframe(frame, {"t": Text("t")}, "y", bad_rows="skip")
    assert data.targets["label"].classes == [0, 1]
    assert data.skipped == [
        "DataFrame:21:y: has no label; fill it in or remove the row"
    ]


@pytest.mark.parametrize(
    "value", [0.5, [0, 1], b"a", 1e300, float("inf"), float("nan")]
)
def test_what_is_no_class_is_refused(value):
    with pytest.raises(BadValue, match="expects a class"):
        ClassTarget().read(value)


def test_numbers_and_words_are_not_mixed():
    faults = ClassTarget().faults([None, 1, 2, "a"], ["train"] * 4)
    assert len(faults) == 1 and faults[0][1] == 3
    assert "numbers in some rows and words" in faults[0][0]


def test_one_class_is_a_fault():
    faults = ClassTarget().faults(["a", "a"], ["train", "train"])
    assert "one class only, 'a'" in faults[0][0]


def test_a_class_that_is_not_in_training_is_named_with_its_row():
    faults = ClassTarget().faults(
        ["a", "b", "c", "c"], ["train", "train", "test", "test"]
    )
    assert len(faults) == 1 and faults[0][1] == 2
    assert "class 'c' is in test and not in training" in faults[0][0]


def test_heavy_imbalance_is_warned_of():
    labels, names = ["a"] * 101 + ["b"], ["train"] * 102
    with pytest.warns(UserWarning, match="101 training rows of 'a' and 1 of"):
        warn_of_imbalance("label", labels, names)
    warn_of_imbalance("label", labels[1:], names[1:])  # Warnings are errors.


@pytest.mark.parametrize(
    "name", ["id", "status", "error", "a b", "x_probability"]
)
def test_targets_whose_names_an_answer_needs_are_refused(name):
    with pytest.raises(ArgumentError, match="task or target"):
        from_arrays({"v": np.ones((4, 2))}, {name: [0, 1, 0, 1]})
