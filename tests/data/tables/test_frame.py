"""pandas DataFrames as tables."""

import datetime
import decimal
import pathlib
import sys

import numpy as np
import pytest

from mmfusion.data.tables import table_of_frame
from mmfusion.errors import ArgumentError, DataError

pandas = pytest.importorskip("pandas", reason="needs the extra `tables`")


def frame(**columns):
    return pandas.DataFrame(columns)


def test_values_keep_their_types_and_missing_is_empty():
    table = table_of_frame(
        frame(
            text=["007", None, "nan"],
            whole=[1, 2, 3],
            gaps=[1, None, 3],
            nullable=pandas.array([1, None, 3], "Int64"),
            real=np.array([0.5, np.nan, 1], "float32"),
            truth=[True, False, True],
            day=pandas.to_datetime(
                ["2024-01-31 00:00", None, "2024-02-01 10:00"]
            ),
            group=pandas.Categorical(["u", None, "u"]),
            mixed=[b"\xff", pandas.NaT, pandas.NA],
            many=[["x", "y"], [], None],
            pixels=[np.zeros((2, 2)), None, np.ones(3)],
        )
    )
    first, second, third = (list(row) for row in table.rows)
    np.testing.assert_array_equal(first.pop(), np.zeros((2, 2)))
    np.testing.assert_array_equal(third.pop(), np.ones(3))
    assert second.pop() == ""
    assert first == [
        "007", 1, 1.0, 1, 0.5, True, "2024-01-31T00:00:00", "u", b"\xff",
        ["x", "y"],
    ]  # fmt: skip
    assert second == ["", 2, "", "", "", False, "", "", "", []]
    assert third == [
        "nan", 3, 3.0, 3, 1.0, True, "2024-02-01T10:00:00", "u", "", "",
    ]  # fmt: skip
    assert [type(cell) for cell in first[1:6]] == [int, float, int, float, bool]
    assert table.lines == [1, 2, 3] and not table.faults
    assert table.source == "DataFrame" and table.root == pathlib.Path(".")


def test_plain_values_of_other_types():
    table = table_of_frame(
        frame(
            price=[decimal.Decimal("2.50"), decimal.Decimal("7")],
            day=[datetime.date(2024, 1, 31), datetime.time(13, 5)],
            path=[pathlib.PurePosixPath("a/b.png"), "c.png"],
            image=[{"bytes": b"x", "path": None}, {"bytes": None, "path": "y"}],
            names=[np.array(["a", "b"], object), ("c",)],
            scalar=np.array([np.str_("s"), np.int8(3)], object),
        )
    )
    assert table.rows == [
        (2.5, "2024-01-31", "a/b.png", b"x", ["a", "b"], "s"),
        (7, "13:05:00", "c.png", "y", ["c"], 3),
    ]


def test_rows_are_counted_by_position():
    given = frame(a=[1, 2, 3]).set_index(pandas.Index([9, 9, 0]))
    table = table_of_frame(given.iloc[::-1])
    assert table.column("a") == [3, 2, 1] and table.lines == [1, 2, 3]


@pytest.mark.parametrize(
    "value, what",
    [
        ({"b": 1}, "holds an object"),
        (pandas.Timedelta("1s"), "holds a Timedelta"),
        ({1, 2}, "holds a set"),
        (1j, "holds a complex"),
        ([None], "holds a list with an empty place"),
        ([[[[1]]]], "holds lists more than 3 deep"),
    ],
)
def test_what_no_cell_can_hold_is_a_fault_of_its_row(value, what):
    column = pandas.Series([1, value, 2], dtype=object)
    table = table_of_frame(frame(a=column, b=["x", "y", "z"]))
    assert table.rows == [(1, "x"), ("", ""), (2, "z")]
    assert f"'a' {what}" in table.faults[1]


@pytest.mark.parametrize(
    "given, what",
    [
        pytest.param(frame(a=[]), "has no rows", id="fault-01-no-rows"),
        pytest.param(
            pandas.DataFrame(index=[1]), "has no columns", id="fault-01-columns"
        ),
        pytest.param(
            pandas.DataFrame([[1, 2]], columns=["a", "a"]),
            "DataFrame:a: has this column 2 times",
            id="fault-04",
        ),
        pytest.param(
            pandas.DataFrame([[1, 2]]), "column 0 is no text", id="numbers"
        ),
        pytest.param(
            pandas.DataFrame({("a", "b"): [1]}),
            "columns of 2 levels",
            id="levels",
        ),
    ],
)
def test_columns_and_rows_are_checked(given, what):
    with pytest.raises(DataError) as caught:
        table_of_frame(given)
    assert what in caught.value.problems[0]


@pytest.mark.parametrize("given", [[{"a": 1}], {"a": [1]}, None, np.ones(3)])
def test_anything_else_is_an_argument_error(given):
    with pytest.raises(ArgumentError, match="expects a pandas DataFrame"):
        table_of_frame(given)


def test_pandas_is_not_imported(monkeypatch):
    given = frame(a=[1, None], b=pandas.to_datetime(["2024-01-31", None]))
    monkeypatch.setitem(sys.modules, "pandas", None)
    table = table_of_frame(given)
    assert table.rows == [(1.0, "2024-01-31T00:00:00"), ("", "")]
