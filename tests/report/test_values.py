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


def _charts(true, predicted):
    predicted = np.array(predicted, "float64")[:, None]
    return value_charts("", Regression(), np.array(true, "float64"), predicted)


def test_a_dot_is_across_where_it_is_true_and_up_where_predicted():
    page = _charts([0, 10, 2], [0, 5, 20])  # From 0 to 20 on both axes.
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', page)
    assert [tuple(map(float, dot)) for dot in dots] == [
        (64, 10 + 320),
        (64 + 320 / 2, 10 + 320 * 3 / 4),
        (64 + 320 / 10, 10),
    ]


def test_a_cell_is_where_its_rows_are():
    true, predicted = [1.1] * 500 + [0, 10], [3.1] * 500 + [0, 10]
    cells = re.findall(
        r'<rect x="(\d+)" y="(\d+)".*?--share:([\d.]+)',
        _charts(true, predicted),
    )
    (darkest,) = [cell[:2] for cell in cells if float(cell[2]) == 1]
    # Of 40 cells of 8 points: the fifth across, the thirteenth from below.
    assert darkest == (str(64 + 4 * 8), str(10 + 27 * 8))


def test_shares_of_the_rows_are_off_by_so_much():
    page = _charts(np.zeros(101), np.arange(101))
    rows = dict(re.findall(r"<th[^>]*>([^<]+)</th><td>([^<]+)</td>", page))
    for share in (50, 90, 95, 99):
        key = f"{share} % of the rows are off by at most"
        assert rows[key] == f"{share}.0"
    assert rows["the worst row is off by"] == "100.0"
    assert rows["bias"] == "50.0"


def test_equal_values_are_no_trouble():
    same = np.full(5, 3.0)
    page = value_charts("", Regression(), same, same[:, None])
    assert "nan" not in page and "\N{EN DASH}" in page  # No R squared.
