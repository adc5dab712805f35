"""Reading CSV and TSV files strictly."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmfusion.data.tables import read_table, text_file
from mmfusion.errors import DataError


def test_cells_stay_strings(write):
    table = read_table(write("t.csv", "a,b\n007,NA\nnan,None\n1.50,\n"))
    assert table.rows == [("007", "NA"), ("nan", "None"), ("1.50", "")]
    assert table.column("b") == ["NA", "None", ""]


def test_byte_order_mark_is_no_part_of_a_name(write):
    assert read_table(write("t.csv", b"\xef\xbb\xbfa,b\n1,2\n")).columns == (
        "a",
        "b",
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_an_editor(write, end):
    text = end.join(["a,b", '1,"two', 'lines"', '2,"x"', "3,y", ""])
    table = read_table(write("t.csv", text))
    assert table.lines == [2, 4, 5]
    assert table.cell(0, "b") == f"two{end}lines"


def test_rows_of_a_wrong_length_keep_their_place(write):
    table = read_table(write("t.csv", "a,b\n1,2\n3\n4,5,6\n\n7,8\n\n\n"))
    assert table.lines == [2, 3, 4, 5, 6]
    assert table.rows[4] == ("7", "8")
    assert sorted(table.faults) == [1, 2, 3]
    assert "too few fields, 1 where the header has 2" in table.faults[1]
    assert "too many fields, 3" in table.faults[2]
    assert "line is empty" in table.faults[3]


def test_not_utf8_names_the_row_and_a_guess(write, fault):
    path = write("t.csv", "a,b\nx,y\nü,z\n".encode("latin-1"))
    table = read_table(path)
    assert table.rows == [("x", "y"), ("", "")] and table.lines == [2, 3]
    assert "is not UTF-8 (byte 0xfc)" in table.faults[1]
    assert "Windows-1252" in table.faults[1]
    path = write("t.csv", "a,b\nü,z\n".encode("utf-16"))
    assert "t.csv:1:" in fault(path) and "UTF-16" in fault(path)


def case(number, what_is_it, *values):
    return pytest.param(*values, id=f"fault-{number:02d}-{what_is_it}")


@pytest.mark.parametrize(
    "content, what",
    [
        case(1, "empty", b"", "is empty"),
        case(1, "mark-only", b"\xef\xbb\xbf", "is empty"),
        case(1, "header-only", b"a,b\n", "a header and no rows"),
        case(1, "empty-lines", b"a,b\n\n\n", "a header and no rows"),
        case(1, "no-header", b"\na,b\n", "no header"),
        case(2, "latin-1", b"a,\xfc\n1,2\n", "t.csv:1: is not UTF-8 (byte 0x"),
        case(2, "utf-16", "a,b\n".encode("utf-16"), "t.csv:1: is not UTF-8"),
        case(2, "workbook", b"PK\x03\x04\xff", "holds ZIP, not text"),
        case(
            4,
            "twice",
            b"a,b,a\n1,2,3\n",
            "t.csv:1:a: the header has this column 2 times",
        ),
        case(3, "semicolons", b"a;b\n1;2\n", "separate columns by commas"),
        case(3, "tabs", b"a\tb\n1\t2\n", "by commas, or name it .tsv"),
        case(
            3,
            "open-quote",
            b'a,b\n1,2\n3,"4\n5,6\n',
            "t.csv:3: has a record that cannot be",
        ),
        case(
            3,
            "text-after-quote",
            b'a,b\n1,"2"3\n',
            "t.csv:2: has a record that cannot be",
        ),
    ],
)
def test_what_is_no_table_is_named(write, fault, content, what):
    assert what in fault(write("t.csv", content))


@pytest.mark.parametrize("suffix", [".tsv", ".tab", ".TSV", ".tsv.gz"])
def test_tabs_separate_and_commas_are_text(write, suffix):
    table = read_table(write(f"t{suffix}", 'a\tb\n1,5\t"x\ty"\n007\tNA\n'))
    assert table.rows == [("1,5", "x\ty"), ("007", "NA")]
    assert table.lines == [2, 3]


def test_fault_03_in_a_tsv_speaks_of_tabs(write, fault):
    table = read_table(write("t.tsv", "a\tb\n1\t2\n3\n"))
    assert "remove tabs" in table.faults[1]
    assert "separate columns by tabs" in fault(write("t.tsv", "a,b\n1,2\n"))


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
def test_a_compressed_table_is_the_same(write, suffix):
    content = {"csv": "a,b\nü,2\n", "tsv": "a\tb\nü\t2\n"}.get(
        suffix, '{"a": "ü", "b": "2"}\n'
    )
    table = read_table(write(f"t.{suffix}.gz", content))
    plain = read_table(write(f"t.{suffix}", content))
    assert table.rows == plain.rows == [("ü", "2")]
    assert table.lines == plain.lines


def test_a_damaged_gzip_file_is_named(write, fault):
    path = write("t.csv.gz", "a,b\n" + "1,2\n" * 5000)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert "truncated or damaged" in fault(path)
    path.write_bytes(whole[:20] + b"\0\0\0\0" + whole[24:])
    assert "damaged" in fault(path)
    path.write_bytes(b"a,b\n1,2\n")
    assert "no gzip file, or a damaged one: it holds text" in fault(path)
    path.write_bytes(b"")
    assert "is empty" in fault(path)
    path.rename(path.with_suffix(""))
    path.with_suffix("").write_bytes(whole)
    assert "holds gzip, not text" in fault(path.with_suffix(""))


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(
    write, fault, monkeypatch
):
    path = write("t.csv.gz", b"a\n" + b"x" * 40_000_000)
    assert path.stat().st_size < 50_000
    monkeypatch.setattr(text_file, "MAX_BYTES", 3_000_000)
    tracemalloc.start()
    assert "unpacks to more than 3000000 bytes" in fault(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_no_file_and_a_folder_are_named(tmp_path, fault):
    assert "No such file" in fault(tmp_path / "none.csv")
    assert "directory" in fault(tmp_path).lower()
    assert "null" in fault("a\0b")


def test_a_long_cell_is_read_and_the_limit_restored(write):
    limit = csv.field_size_limit()
    table = read_table(write("t.csv", "a,b\n1," + "x" * 300_000 + "\n"))
    assert len(table.cell(0, "b")) == 300_000
    assert csv.field_size_limit() == limit


def test_missing_columns_name_the_nearest(write):
    table = read_table(write("t.csv", "title,price\nx,1\n"))
    faults = table.missing_columns(["titel", "price"])
    assert list(faults) == ["titel"]
    assert "Did you mean 'title'?" in faults["titel"]


_CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=6
)


@given(
    rows=st.lists(st.tuples(_CELL, _CELL, st.just("x")), min_size=1, max_size=8)
)
def test_what_the_csv_module_writes_is_read_back(rows, tmp_path_factory):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([("a", "b", "c"), *rows])
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(file.getvalue().encode())
    assert read_table(path).rows == rows


@given(content=st.binary(max_size=60))
def test_any_bytes_are_a_table_or_a_data_error(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(content)
    try:
        table = read_table(path)
    except DataError:
        return
    assert len(table.rows) == len(table.lines) > 0
    assert all(len(row) == len(table.columns) for row in table.rows)
