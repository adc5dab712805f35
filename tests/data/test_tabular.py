"""Tables: kinds, statistics, codes and what is refused."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import BadValue, Tabular
from mmfusion.errors import ArgumentError, DataError


def _adapted(rows, **arguments):
    table = Tabular(**arguments)
    table.adapt([table.read(row) for row in rows])
    return table


def _features(table, **cells):
    return table.transform(table.read(cells)).numpy()


@pytest.fixture(scope="module")
def facts():
    rows = [
        {"price": "1", "year": "2001", "brand": "b", "size": "L"},
        {"price": "3", "year": "2003", "brand": "a", "size": ""},
        {"price": "", "year": "2005", "brand": "b", "size": "M"},
    ]
    return _adapted(
        rows,
        columns=["brand", "price", "size", "year"],
        numbers=["price", "year"],
        categories=["brand", "size"],
    )


def test_numbers_flags_codes_in_this_order(facts):
    # price: mean 2, deviation 1; year: mean 2003, deviation sqrt(8 / 3).
    np.testing.assert_allclose(
        _features(facts, price="5", year="2003", brand="b", size="M"),
        [3, 0, 0, 0, 3, 3],
    )
    assert facts.describe().arguments == {
        "num_numbers": 2,
        "category_sizes": [4, 4],
    }


def test_missing_is_0_with_a_flag_and_code_0(facts):
    np.testing.assert_allclose(
        _features(facts, price=None, year="2003", brand="", size="L"),
        [0, 0, 1, 0, 0, 2],
    )


def test_an_unseen_category_has_code_1(facts):
    assert _features(facts, price="1", year="", brand="B", size="XXL")[
        -2:
    ].tolist() == [1, 1]


def test_typed_cells_read_as_they_are_written(facts):
    row = {"price": 2.5, "year": np.int64(7), "brand": True, "size": None}
    assert facts.read(row).tolist() == ["true", "2.5", "", "7"]
    row = {"price": np.float32(0.5), "year": 3, "brand": b"b", "size": 4}
    assert facts.read(row).tolist() == ["b", "0.5", "4", "3"]


def test_all_faults_of_a_row_are_listed(facts):
    row = {"price": "1,5", "year": "soon", "brand": "b", "size": "L"}
    with pytest.raises(BadValue) as caught:
        facts.read(row)
    assert [column for column, _ in caught.value.faults] == ["price", "year"]
    assert "expects a number, received '1,5'; write 1.5" in str(caught.value)
    assert "'soon'" in str(caught.value)


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), 2**24 + 1, "x"])
def test_what_float32_cannot_hold_is_refused(facts, cell):
    with pytest.raises(BadValue, match="price: expects a number"):
        facts.read({"price": cell, "year": "", "brand": "", "size": ""})


def test_a_column_that_is_not_there_is_named(facts):
    with pytest.raises(BadValue, match="size: this column is not there"):
        facts.read({"price": "1", "year": "", "brand": ""})
    with pytest.raises(BadValue, match="expects 4 cells"):
        facts.read(["1"])


def test_kinds_are_inferred_from_the_training_split_and_reported():
    rows = [
        {"n": "1.5", "code": "007", "id": "99999999", "flag": "true"},
        {"n": "", "code": "010", "id": "99999998", "flag": "false"},
    ]
    table = _adapted(rows, columns=["n", "code", "id", "flag"])
    assert table.kinds() == {
        "n": "number",
        "code": "category",
        "id": "category",
        "flag": "category",
    }
    assert table.inferred == ("n", "code", "id", "flag")
    with pytest.raises(BadValue, match="n: expects a number"):
        table.read(["abc", "007", "1", "true"])


def test_before_adapt_an_undecided_column_takes_anything():
    table = Tabular(columns=["n", "m"], numbers=["m"])
    cells = table.read({"n": "abc", "m": "1"})
    np.testing.assert_array_equal(table.read(cells), cells)
    with pytest.raises(ArgumentError, match="Call `adapt`"):
        table.kinds()


def test_a_constant_column_is_zero_and_named():
    table = _adapted([{"n": "0.1"}] * 3, numbers=["n"])
    assert table.constant() == ["n"]
    assert _features(table, n="0.1").tolist() == [0, 0]
    assert np.isfinite(_features(table, n="-3e38")).all()


def test_categories_alone_are_enough():
    table = _adapted([{"c": "a"}, {"c": "b"}], categories=["c"])
    assert table.check(tf.constant(["a"])) == ""
    assert _features(table, c="b").tolist() == [3]


def test_statistics_survive_a_large_mean():
    rows = [{"t": f"{1.7e9 + second:.1f}"} for second in range(5)]
    table = _adapted(rows, numbers=["t"])
    z = [_features(table, **row)[0] for row in rows]
    np.testing.assert_allclose(z, (np.arange(5) - 2) / np.sqrt(2), rtol=1e-6)


def test_a_column_without_values_is_an_error():
    for arguments in ({"numbers": ["n"]}, {"categories": ["n"]}):
        table = Tabular(**{"columns": ["n", "m"], **arguments})
        with pytest.raises(DataError, match="'n' has no value"):
            table.adapt([table.read(["", "1"]), None])


def test_odd_categories_are_only_names():
    names = ["[UNK]", "", " a ", "a", "\0", "z\0", "été", "\x01", "b c"]
    rows = [{"c": name, "n": "1"} for name in names]
    table = _adapted(rows, categories=["c"], numbers=["n"])
    assert table.state()["vocabularies"] == [["[UNK]", "a", "b c", "z", "été"]]
    assert _features(table, c="[UNK]", n="1")[-1] == 2
    assert _features(table, c="z\0", n="1")[-1] == 5


def test_the_graph_gives_the_first_reason(facts):
    def status(*cells):
        return facts.check(tf.constant(cells)).numpy().decode()

    assert status("b", "1", "L", "2000") == ""
    assert status("b", "", "", "") == ""
    assert status("", " ", "\0", "") == "missing"
    assert status("b", "x", "L", "99999999") == "not a number"
    assert status("b", "1", "L", "99999999") == "too large"


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({}, "a column at least"),
        ({"columns": "price"}, "`columns` to be a list"),
        ({"columns": ["a", "a"]}, "each column once"),
        ({"columns": ["price"], "numbers": ["prize"]}, "Did you mean 'price'"),
        ({"numbers": ["a"], "categories": ["a"]}, "once in `columns`"),
        (
            {"columns": ["a"], "numbers": ["a"], "categories": ["a"]},
            "Received in both: a",
        ),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        Tabular(**arguments)
