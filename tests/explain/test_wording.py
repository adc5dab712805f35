"""Scores in words."""

import pytest

from mmfusion.explain import Interval, Wording
from mmfusion.explain.wording import decimals

MAE = Wording("mean_absolute_error", False, "target", 1, "{name}: {score}")
F1 = Wording("samples_f1")


def test_shares_are_percentages_and_their_differences_points():
    assert F1.label == "samples F1"
    assert (F1.score(0.914), F1.bound(0.914)) == ("91.4 %", "91.4")
    assert F1.difference(0.031) == "3.1 points more"
    assert F1.difference(-0.031) == "3.1 points fewer"
    assert F1.range(Interval(0, -0.01, 0.02)) == "\u22121.0 to 2.0 points"


def test_a_gain_of_an_error_is_less_of_it():
    assert MAE.label == "mean absolute error"
    assert MAE.difference(2.5) == "2.5 less"
    assert MAE.difference(-2.5) == "2.5 more"
    assert MAE.range(Interval(0, -1, 2)) == "\u22121.0 to 2.0 better"
    assert MAE.sentence("fused", 1234.56) == "fused: 1,234.6"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (0.01234, "0.0123"),
        (98.76, "98.8"),
        (123456.7, "123,457"),
        (-0.5, "\u22120.500"),
        (2.5e-9, "2.5e-09"),
        (4e20, "4e+20"),
    ],
)
def test_a_number_has_three_digits_or_all_before_the_point(value, text):
    assert Wording("x", unit="target").number(value) == text


def test_numbers_of_one_output_have_the_same_decimals():
    output = {"unit": "target", "fused": {"value": 12.3}}
    wording = Wording.of(output)
    assert (wording.number(5.0), wording.number(-0.04)) == ("5.0", "0.0")
    assert decimals(12.3) == 1 and decimals(float("inf")) == 2
