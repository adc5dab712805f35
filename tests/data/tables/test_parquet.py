"""Reading Parquet files."""

import datetime
import decimal
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmfusion.data.tables import read_table, text_file
from mmfusion.errors import DataError, MissingExtraError

arrow = pytest.importorskip("pyarrow", reason="needs the extra `tables`")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def save(tmp_path):
    def save(**columns):
        path = tmp_path / "t.parquet"
        parquet.write_table(arrow.table(columns), path)
        return path

    return save


def test_values_keep_their_types_and_null_is_empty(save):
    table = read_table(
        save(
            text=["007", None, "NA"],
            whole=[1, None, 2**60 + 1],
            real=[0.5, 1.0, None],
            truth=[True, None, False],
            octets=[b"\xff\0", None, b""],
            nothing=arrow.nulls(3),
            names=arrow.array(["u", None, "u"]).dictionary_encode(),
            many=[["x", "y"], [], None],
            vector=arrow.array([[1, 2]] * 3, arrow.list_(arrow.int8(), 2)),
        )
    )
    assert table.rows == [
        ("007", 1, 0.5, True, b"\xff\0", "", "u", ["x", "y"], [1, 2]),
        ("", "", 1.0, "", "", "", "", [], [1, 2]),
        ("NA", 2**60 + 1, "", False, b"", "", "u", "", [1, 2]),
    ]
    assert type(table.cell(0, "whole")) is int
    assert table.cell(0, "truth") is True
    assert table.lines == [1, 2, 3]
    assert table.place(2) == (table.source, 3)


def test_times_are_iso_texts_and_decimals_numbers(save):
    moment = datetime.datetime(2024, 1, 31, 13, 5, 0, 250_000)
    paris = datetime.timezone(datetime.timedelta(hours=1))
    zoned = arrow.array([moment.replace(tzinfo=paris)])
    nano = arrow.array([1], arrow.timestamp("ns"))
    table = read_table(
        save(
            day=[moment.date()],
            day64=arrow.array([moment.date()], arrow.date64()),
            moment=[moment],
            zoned=zoned.cast(arrow.timestamp("us", "Europe/Paris")),
            nano=nano,
            time=[moment.time()],
            midnight=[datetime.datetime(2024, 1, 31)],
            price=[decimal.Decimal("2.50")],
            count=[decimal.Decimal("123456789012345678901234567890")],
        )
    )
    assert table.rows == [
        (
            "2024-01-31",
            "2024-01-31",
            "2024-01-31T13:05:00.250000",
            "2024-01-31T12:05:00.250000+00:00",
            "1970-01-01T00:00:00.000000001",
            "13:05:00.250000",
            "2024-01-31T00:00:00",
            2.5,
            123456789012345678901234567890,
        )
    ]
    assert table.cell(0, "moment") == moment.isoformat()
    assert table.cell(0, "midnight") == "2024-01-31T00:00:00"


def test_files_of_hugging_face_are_bytes_or_paths(save):
    given = [
        {"bytes": b"\x89PNG", "path": "a.png"},
        {"bytes": None, "path": "b.png"},
        {"bytes": None, "path": None},
        None,
    ]
    table = read_table(
        save(image=given, more=[[cell] for cell in given[:2]] * 2)
    )
    assert table.column("image") == [b"\x89PNG", "b.png", "", ""]
    assert table.column("more")[:2] == [[b"\x89PNG"], ["b.png"]]


def test_fault_11_a_nested_column_is_named_if_it_is_wanted(save):
    table = read_table(
        save(
            a=["x"],
            meta=[{"b": 1}],
            pairs=arrow.array([[("k", 1)]], arrow.map_("string", "int8")),
            spans=arrow.array([1], arrow.duration("s")),
            days=[[datetime.date(2024, 1, 1)]],
            deep=[[{"b": 1}]],
        )
    )
    assert table.columns == ("a",) and table.rows == [("x",)]
    wanted = table.missing_columns(
        ["a", "meta", "deep", "pairs", "spans", "no"]
    )
    assert wanted["meta"].startswith("holds structs; save it as")
    assert wanted["deep"].startswith("holds lists of structs")
    assert "map<string, int8" in wanted["pairs"]
    assert "duration[s]" in wanted["spans"]
    assert "Unknown column 'no'" in wanted["no"]
    assert len(table.notes) == 5 and "'meta' holds structs" in table.notes[0]


def test_a_list_with_a_gap_is_a_fault_of_its_row(save):
    table = read_table(save(a=["x", "y", "z"], many=[["p"], ["q", None], []]))
    assert table.rows == [("x", ["p"]), ("", ""), ("z", [])]
    assert "'many' holds a list with an empty place" in table.faults[1]


def test_fault_02_a_text_that_is_not_utf8(save):
    octets = arrow.array([b"ok", b"\xff\xfe", b"fine"])
    texts = arrow.StringArray.from_buffers(3, *octets.buffers()[1:])
    table = read_table(save(a=texts))
    assert table.rows == [("ok",), ("",), ("fine",)]
    assert "'a' is not UTF-8" in table.faults[1]


def test_many_row_groups_and_batches_keep_their_order(tmp_path):
    path = tmp_path / "t.pq"
    given = arrow.table({"a": np.arange(3000), "b": [[1, None], [1]] * 1500})
    parquet.write_table(given, path, row_group_size=700)
    table = read_table(path)
    assert list(table.faults) == list(range(0, 3000, 2))
    assert table.column("a")[1::2] == list(range(1, 3000, 2))


@pytest.mark.parametrize(
    "columns, what",
    [
        pytest.param({}, "has no rows", id="fault-01-nothing"),
        pytest.param(
            {"a": arrow.array([], "int8")}, "no rows", id="fault-01-no-rows"
        ),
        pytest.param({"a": [{"b": 1}]}, "no rows with", id="fault-01-structs"),
    ],
)
def test_what_has_no_rows_is_named(save, fault, columns, what):
    assert what in fault(save(**columns))


def test_fault_04_a_column_that_is_there_twice(tmp_path, fault):
    path = tmp_path / "t.parquet"
    twice = arrow.Table.from_arrays([arrow.array([1])] * 2, ["a", "a"])
    parquet.write_table(twice, path)
    assert "t.parquet:1:a: the header has this column 2 times" in fault(path)


def test_fault_11_a_damaged_file_is_one_line(save, fault):
    path = save(name=["x" * 20, "y"])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "t.parquet: is a damaged Parquet file" in fault(path)
    path.write_bytes(whole.replace(b"name", b"\x80ame"))
    assert "t.parquet: is a damaged Parquet file" in fault(path)
    path.write_bytes(b"a,b\n1,2\n")
    assert "t.parquet: holds text, not Parquet" in fault(path)
    path.write_bytes(b"")
    assert "t.parquet: holds unknown data, not Parquet" in fault(path)


def test_a_bomb_is_refused_while_it_unpacks(save, fault, monkeypatch):
    names = arrow.array(["x" * 100_000]).dictionary_encode().dictionary
    same = arrow.DictionaryArray.from_arrays([0] * 5000, names)
    monkeypatch.setattr(text_file, "MAX_BYTES", 1_000_000)
    for path in (save(a=same), save(a=same.dictionary_decode())):
        assert path.stat().st_size < 100_000
        tracemalloc.start()
        assert "unpacks to more than 1000000 bytes" in fault(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()
    path = save(a=arrow.nulls(700_000))  # A bit for each row, at the most.
    assert path.stat().st_size < 10_000
    assert "unpacks to more than" in fault(path)


def test_without_pyarrow_the_extra_is_named(save, monkeypatch):
    path = save(a=[1])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"mmfusion\[tables\]"):
        read_table(path)


@settings(max_examples=80, derandomize=True)  # A crash ends all tests.
@given(at=st.integers(0, 10**6), content=st.binary(min_size=1, max_size=4))
def test_any_damage_is_a_table_or_a_data_error(at, content, tmp_path_factory):
    path = tmp_path_factory.mktemp("parquet") / "t.parquet"
    given = {"a": ["x", None, "y"], "b": [[1.0], [], None], "c": [1, 2, 3]}
    parquet.write_table(arrow.table(given), path)
    whole = bytearray(path.read_bytes())
    at %= len(whole)
    whole[at : at + len(content)] = content
    path.write_bytes(whole)
    try:
        table = read_table(path)
    except DataError as error:
        assert all("\n" not in line for line in error.problems)
        return
    assert len(table.rows) == len(table.lines) > 0
