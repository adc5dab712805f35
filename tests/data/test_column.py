"""Reading the values of one modality into an array."""

import time

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.column import read_columns
from mmfusion.data.modality import BadValue
from mmfusion.data.source import SequenceSource, TableSource
from mmfusion.data.stored import _CHUNK
from mmfusion.data.tables.table import table_of
from mmfusion.data.tabular import Tabular
from mmfusion.data.text import Text
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError
from tests.data.tiny import Digits


def read(values, modality, **options):
    reports = []
    columns = read_columns(
        {"x": SequenceSource(values, modality)},
        lambda *report: reports.append(report),
        **options,
    )
    return columns["x"], reports


def test_values_of_any_length_stay_in_their_rows():
    """More than a chunk, lengths mixed, and read by threads."""
    rows = 3 * _CHUNK + 7
    lengths = np.random.default_rng(0).integers(1, 4, rows)
    values = [b"%d" % (10**n + row % 10) for row, n in enumerate(lengths)]
    values = [value[::-1] for value in values]
    column, reports = read(values, Digits())
    expected = [[row % 10, int(n == 1)] for row, n in enumerate(lengths)]
    np.testing.assert_array_equal(column.values, expected)
    assert column.values.dtype == "uint8" and column.present.all()
    assert reports == []


def test_slow_values_do_not_change_their_order():
    class Slow(Digits):
        def read(self, value):
            time.sleep(0.02 if value.startswith(b"0") else 0)
            return super().read(value)

    values = [b"%02d" % (row % 20) for row in range(60)]
    column, _ = read(values, Slow())
    assert [10 * a + b for a, b in column.values] == [r % 20 for r in range(60)]


def test_bad_and_missing_values_are_reported_in_their_rows():
    values = [b"12", b"xy", None, b"34"]
    column, reports = read(values, Digits())
    assert [r[:3] for r in reports] == [("x", 1, None), ("x", 2, None)]
    assert reports[0][3] == "holds no digits; replace the file"
    assert "has no value; fill it in, or make 'x' optional" in reports[1][3]
    assert column.present.tolist() == [True, False, False, True]
    assert column.values.tolist() == [[1, 2], [0, 0], [0, 0], [3, 4]]


def test_an_optional_value_may_be_missing_and_not_bad():
    _, reports = read([None, b"xy", b""], Digits(optional=True))
    assert [r[1] for r in reports] == [1]


def test_nothing_at_all_is_zeros():
    column, _ = read([None, None], Digits(optional=True))
    assert column.values.tolist() == [[0, 0], [0, 0]]


def test_an_array_that_fits_is_not_copied():
    array = np.arange(2000, dtype="float32").reshape(1000, 2)
    column, _ = read(array, Vector(dim=2))
    assert column.values is array


def test_an_array_that_changes_is_copied_and_left_alone():
    array = np.arange(2000, dtype="float32").reshape(1000, 2)
    given = array.copy()

    class Late(Vector):
        """Changes the last row only, after many that are left as they are."""

        def transform(self, x):
            x = super().transform(x)
            return tf.where(x[0] == 1998.0, -x, x)

    column, _ = read(array, Late(dim=2))
    np.testing.assert_array_equal(array, given)
    np.testing.assert_array_equal(column.values[:-1], given[:-1])
    np.testing.assert_array_equal(column.values[-1], -given[-1])


def test_a_bad_row_of_an_array_is_zeros():
    array = np.array([[1, 2], [np.nan, 0], [3, 4]], "float32")
    column, reports = read(array, Vector(dim=2))
    assert column.values.tolist() == [[1, 2], [0, 0], [3, 4]]
    assert [r[1] for r in reports] == [1]


def test_only_training_rows_teach():
    text = Text(vocabulary_size=10, length=1, optional=True)
    column, _ = read(["a", "b", None, "c"], text, training=[0, 2])
    assert text.vocabulary == ["a"]
    assert column.values[:, 0].tolist() == [2, 1, 0, 1]


def test_what_is_only_known_after_learning_is_reported_too():
    rows = [{"n": "1"}, {"n": "2"}, {"n": "many"}]
    table = table_of(rows)
    facts = Tabular(columns=["n"])
    reports = []
    read_columns(
        {"x": TableSource(table, facts)},
        lambda *report: reports.append(report),
        training=[0, 1],
    )
    assert [r[:3] for r in reports] == [("x", 2, "n")]


def test_all_is_settled_before_anything_is_learned():
    text = Text(vocabulary_size=10)

    def stop():
        raise KeyError("stop")

    with pytest.raises(KeyError):
        read(["a"], text, training=[0], settle=stop)
    assert text.vocabulary is None


def test_an_error_of_our_own_keeps_its_type():
    class Broken(Digits):
        def read(self, value):
            if value == b"7":
                raise ZeroDivisionError("a bug")
            return super().read(value)

    with pytest.raises(ZeroDivisionError, match="a bug"):
        read([b"%d" % i for i in range(9)], Broken())


def test_one_object_that_learns_cannot_have_two_names():
    text = Text()
    sources = {name: SequenceSource(["a"], text) for name in "ab"}
    with pytest.raises(ArgumentError, match="one object for each name"):
        read_columns(sources, print, training=[0])


def test_raw_values_are_what_a_request_would_hold(tmp_path):
    (tmp_path / "a").write_bytes(b"12")
    digits, text = Digits("file"), Text("note")
    facts = Tabular(columns=["note", "n"])
    row = {"file": "a", "note": "x", "n": 3}
    table = table_of([row, {}], root=tmp_path)

    def raw(modality, at=0):
        return modality.raw(TableSource(table, modality).value(at))

    assert raw(digits) == b"12" and raw(digits, 1) is None
    assert raw(text) == "x" and raw(text, 1) is None
    assert raw(facts) == ["x", "3"] and raw(facts, 1) is None
    given = [b"12", np.array([1, 2], "uint8"), str(tmp_path / "a")]
    assert [digits.raw(value) for value in given] == [b"12"] * 3
    vector = Vector(dim=2).raw("1 2")
    np.testing.assert_array_equal(vector, [1, 2])


def test_a_path_outside_is_a_bad_value():
    table = table_of([{"file": "../a"}], root="data")
    with pytest.raises(BadValue, match="leads out"):
        TableSource(table, Digits("file")).value(0)
