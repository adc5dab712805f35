"""Targets as users write them."""

import pytest

from mmfusion.data.target import (
    ClassTarget,
    LabelsTarget,
    NumberTarget,
    resolve_targets,
)
from mmfusion.errors import ArgumentError


def test_every_way_of_writing_a_target():
    found = resolve_targets(
        {
            "kind": "category",
            "tags": LabelsTarget("tags"),
            "price": {"type": "number", "column": "eur"},
        }
    )
    assert [type(one) for one in found.values()] == [
        ClassTarget,
        LabelsTarget,
        NumberTarget,
    ]
    assert found["price"].column == "eur"
    assert list(resolve_targets(NumberTarget("x"))) == ["label"]


@pytest.mark.parametrize(
    "target, what",
    [
        ({}, "a column, or a dict"),
        (["a"], "a column, or a dict"),
        ({"x": 3}, "to be a column, a target object"),
        ({"x": NumberTarget()}, "Pass `column=`"),
        ({"x": {"type": "numer", "column": "a"}}, "mean 'number'"),
        ({"x": {"type": "number", "col": "a"}}, "mean 'column'"),
        ({"Bad name": "a"}, "task or target"),
    ],
)
def test_what_is_no_target_is_explained(target, what):
    with pytest.raises(ArgumentError, match=what):
        resolve_targets(target)


def test_one_object_is_not_two_targets():
    one = NumberTarget("a")
    with pytest.raises(ArgumentError, match="under two names"):
        resolve_targets({"x": one, "y": one})
