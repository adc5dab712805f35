"""Faults of numbers and categories."""

import numpy as np
import pytest

from mmfusion.data.modality import BadValue
from mmfusion.data.tabular import Tabular


def learned():
    facts = Tabular(numbers=["price", "flat"], categories=["brand"])
    facts.adapt([["1", "3", "a"], ["3", "3", "b"], ["", "3", "a"]])
    return facts


@pytest.mark.parametrize(
    "cell, fix",
    [
        ("many", "correct it, or declare the column in `categories`"),
        ("1,5", "write 1.5"),
        ("1.234,5", "correct it"),
        ("1,234", "write 1.234 or 1234, whichever is meant"),
        ("1'000", "without separators of thousands"),
        ("NaN", "leave the cell empty where the number is not known"),
        ("-inf", "leave the cell empty where the number is not known"),
    ],
)
def test_fault_42_what_is_no_number_is_named_by_its_column(cell, fix):
    with pytest.raises(BadValue) as caught:
        learned().read([cell, "3", "a"])
    ((column, message),) = caught.value.faults
    assert column == "price" and repr(cell) in message and fix in message
    assert learned().check([cell, "3", "a"]).numpy() == b"not a number"


def test_fault_42_a_missing_number_is_the_mean_of_training_and_flagged():
    x = learned().transform(["", "3", "a"]).numpy()
    assert x[0] == 0 and x[2] == 1  # Standardised value, flag.
    # Mean and deviation of 1 and 3, never of other rows.
    assert learned().transform(["4", "3", "a"]).numpy()[0] == 2


def test_fault_43_an_unseen_category_has_a_code_and_is_counted():
    facts = learned()
    assert facts.transform(["1", "3", "c"]).numpy()[-1] == 1
    rows = {"train": [["1", "3", "a"]], "test": [["1", "3", "c"]]}
    assert any(
        line == "brand: 1 cells of test hold a category that training has "
        "not: 'c'"
        for line in facts.findings(rows)
    )


def test_fault_44_a_constant_column_is_zero_and_told():
    facts = learned()
    x = facts.transform(["1", "900", "a"]).numpy()
    assert np.isfinite(x).all()
    lines = facts.findings({"train": [["1", "3", "a"]]})
    assert lines == ["flat: is the same number in every training row"]


def test_fault_45_numbers_out_of_range_are_told_with_the_farthest():
    rows = {
        "train": [["1", "3", "a"], ["3", "3", "a"]],
        "test": [["2", "3", "a"], ["70", "3", "a"], ["-50", "3", "a"]],
    }
    (line,) = (x for x in learned().findings(rows) if "deviations" in x)
    assert line.startswith("price: 2 numbers of test are more than 10")
    assert line.endswith("mean of training, 2; the farthest is 70")


@pytest.mark.parametrize("cell", ["16777217", 16777217, "-99999999"])
def test_fault_46_ids_that_float32_cannot_hold_are_refused(cell):
    with pytest.raises(BadValue, match="lose digits.*in `categories`"):
        learned().read([cell, "3", "a"])


def test_fault_46_dates_are_no_numbers_and_bools_are_words():
    with pytest.raises(BadValue, match="expects a number"):
        learned().read(["2024-01-31", "3", "a"])
    with pytest.raises(BadValue, match="expects a number"):
        learned().read([True, "3", "a"])
    assert learned().read(["1", "3", True]).tolist() == ["1", "3", "true"]
