"""A number a row."""

import numpy as np
import pytest

from mmfusion.data.arrays import from_arrays
from mmfusion.data.modality import BadValue
from mmfusion.data.target import NumberTarget
from mmfusion.errors import ArgumentError, DataError


@pytest.mark.parametrize(
    "value", ["2.5", " 2.5\n", b"2.5", 2.5, np.float32(2.5)]
)
def test_numbers_in_any_writing(value):
    assert NumberTarget().read(value) == 2.5


def test_a_whole_number_may_be_large():
    assert NumberTarget().read("123456789012") == 123456789012.0


@pytest.mark.parametrize(
    "value, what",
    [
        ("1,5", "write 1.5"),
        ("nan", "expects a number"),
        (float("nan"), "expects a number"),
        ("1e39", "float32 ends"),
        (1e39, "expects a number"),
        (True, "expects a number"),
        ([1.0], "expects a number"),
        ("many", "expects a number, received 'many'"),
    ],
)
def test_what_is_no_number_is_refused(value, what):
    with pytest.raises(BadValue, match=what):
        NumberTarget().read(value)


@pytest.mark.parametrize("cell", ["many", "nan", "1e39", "-inf"])
def test_the_advice_is_for_a_target_and_not_for_an_input(cell):
    with pytest.raises(BadValue, match="correct it") as caught:
        NumberTarget().read(cell)
    assert "categories" not in str(caught.value)
    assert "empty" not in str(caught.value)


def test_mean_and_deviation_are_those_of_training():
    price = np.array([10.0, 14.0, 12.0, 500.0])
    data = from_arrays(
        {"v": np.zeros((4, 1), "float32")},
        {"price": price},
        kinds={"price": NumberTarget()},
        splits={"train": [0, 1, 2], "test": [3]},
    )
    part = data.schema.targets["price"]
    assert part.task == "regression" and part.classes == ()
    assert part.arguments["mean"] == price[:3].mean()
    assert part.arguments["deviation"] == pytest.approx(price[:3].std())
    assert data.train.targets["price"].dtype == "float32"
    assert data.test.targets["price"].tolist() == [500.0]
    _, y = next(iter(data.train.batches(3, shuffle=False)))
    assert y["price"].numpy().tolist() == [10.0, 14.0, 12.0]


def test_the_same_number_everywhere_teaches_nothing():
    with pytest.raises(DataError, match="is 3 in every training row"):
        from_arrays(
            {"v": np.zeros((4, 1), "float32")},
            {"price": [3.0, 3.0, 3.0, 4.0]},
            kinds={"price": NumberTarget()},
            splits={"train": [0, 1, 2], "test": [3]},
        )


def test_amounts_are_no_classes_unless_told_so():
    given = ({"v": np.zeros((2, 1), "float32")}, {"price": [1.5, 2.5]})
    with pytest.raises(DataError, match="for amounts give `NumberTarget`"):
        from_arrays(*given)
    with pytest.raises(ArgumentError, match="to be a target object"):
        from_arrays(*given, kinds={"price": "number"})
