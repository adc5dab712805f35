"""Labels and classes."""

import numpy as np
import pytest

from mmfusion.data.arrays import from_arrays
from mmfusion.data.targets import (
    class_numbers,
    classes_of,
    faults_of_classes,
    plain_labels,
    warn_of_imbalance,
)
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


def test_plain_labels_are_json_values():
    assert plain_labels("label", np.array([1, 0], "int64")) == [1, 0]
    assert plain_labels("label", np.array([True, False])) == [1, 0]
    assert plain_labels("label", np.array(["a", ""])) == ["a", None]
    assert plain_labels("label", [np.str_("a"), None]) == ["a", None]
    assert type(plain_labels("label", [np.int8(3)])[0]) is int


@pytest.mark.parametrize("labels", [[0.5, 1.0], [[0, 1]], [b"a"], [1, "a"]])
def test_labels_that_are_no_classes_are_refused(labels):
    with pytest.raises(ArgumentError, match="'kind'"):
        plain_labels("kind", labels)


def test_one_class_is_a_fault():
    faults = faults_of_classes(["a", "a"], ["train", "train"])
    assert "one class only, 'a'" in faults[0][0]


def test_a_class_that_is_not_in_training_is_named_with_its_row():
    faults = faults_of_classes(
        ["a", "b", "c", "c"], ["train", "train", "test", "test"]
    )
    assert len(faults) == 1 and faults[0][1] == 2
    assert "class 'c' is in test and not in training" in faults[0][0]


def test_heavy_imbalance_is_warned_of():
    labels, names = ["a"] * 101 + ["b"], ["train"] * 102
    with pytest.warns(UserWarning, match="101 training rows of 'a' and 1 of"):
        warn_of_imbalance("label", labels, names)
    warn_of_imbalance("label", labels[1:], names[1:])  # Warnings are errors.


@pytest.mark.parametrize("name", ["id", "status", "a b", "x_probability"])
def test_targets_whose_names_an_answer_needs_are_refused(name):
    with pytest.raises(ArgumentError, match="task or target"):
        from_arrays({"v": np.ones((4, 2))}, {name: [0, 1, 0, 1]})
