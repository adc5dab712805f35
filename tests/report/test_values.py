"""Predicted against true: dots of few rows, cells of many."""

import re

import numpy as np

from mmfusion.report.values import value_charts
from mmfusion.tasks import Regression


def _page(rows):
    random = np.random.default_rng(0)
    true = random.normal(50, 9, rows)
    predicted = true[:, None] + random.normal(size=(rows, 1))
    return value_charts(" of price", Regression(50, 9), true, predicted)


def test_few_rows_are_dots_and_many_are_cells():
    few, many = _page(40), _page(3000)
    assert few.count("<circle") == 40 and "<rect" not in few
    assert "<circle" not in many and len(many) < 100_000
    shares = [float(x) for x in re.findall(r"--share:([\d.]+)", many)]
    assert len(shares) < 1600 and max(shares) == 1.0 and min(shares) > 0


def test_equal_values_are_no_trouble():
    same = np.full(5, 3.0)
    page = value_charts("", Regression(), same, same[:, None])
    assert "nan" not in page and "\N{EN DASH}" in page  # No R squared.
