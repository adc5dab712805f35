"""Reading CSV files strictly."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmfusion.data.tables import read_table
from mmfusion.errors import DataError


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "t.csv"
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return path

    return write


def fault(path):
    with pytest.raises(DataError) as caught:
        read_table(path)
    return "\n".join(caught.value.problems)


def test_cells_stay_strings(write):
    table = read_table(write("a,b\n007,NA\nnan,None\n1.50,\n"))
    assert table.rows == [("007", "NA"), ("nan", "None"), ("1.50", "")]
    assert table.column("b") == ["NA", "None", ""]


def test_byte_order_mark_is_no_part_of_a_name(write):
    assert read_table(write(b"\xef\xbb\xbfa,b\n1,2\n")).columns == ("a", "b")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_an_editor(write, end):
    text = end.join(["a,b", '1,"two', 'lines"', '2,"x"', "3,y", ""])
    table = read_table(write(text))
    assert table.lines == [2, 4, 5]
    assert table.cell(0, "b") == f"two{end}lines"


def test_rows_of_a_wrong_length_keep_their_place(write):
    table = read_table(write("a,b\n1,2\n3\n4,5,6\n\n7,8\n\n\n"))
    assert table.lines == [2, 3, 4, 5, 6]
    assert table.rows[4] == ("7", "8")
    assert sorted(table.faults) == [1, 2, 3]
    assert "too few fields, 1 where the header has 2" in table.faults[1]
    assert "too many fields, 3" in table.faults[2]
    assert "line is empty" in table.faults[3]


def test_not_utf8_names_the_row_and_a_guess(write):
    path = write("a,b\nx,y\nü,z\n".encode("latin-1"))
    assert "t.csv:3: is not UTF-8 (byte 0xfc)" in fault(path)
    assert "Windows-1252" in fault(path)
    path = write("a,b\nü,z\n".encode("utf-16"))
    assert "t.csv:1:" in fault(path) and "UTF-16" in fault(path)


@pytest.mark.parametrize(
    "content, what",
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"a,b\n", "a header and no rows"),
        (b"a,b\n\n\n", "a header and no rows"),
        (b"\na,b\n", "no header"),
        (b"a,b,a\n1,2,3\n", "t.csv:1:a: the header has this column 2 times"),
        (b"a;b\n1;2\n", "separate columns by commas"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "t.csv:3: has a record that cannot be"),
        (b'a,b\n1,"2"3\n', "t.csv:2: has a record that cannot be"),
    ],
)
def test_what_is_no_table_is_named(write, content, what):
    assert what in fault(write(content))


def test_no_file_and_a_folder_are_named(tmp_path):
    assert "No such file" in fault(tmp_path / "none.csv")
    assert "directory" in fault(tmp_path).lower()
    assert "null" in fault("a\0b")


def test_a_long_cell_is_read_and_the_limit_restored(write):
    limit = csv.field_size_limit()
    table = read_table(write("a,b\n1," + "x" * 300_000 + "\n"))
    assert len(table.cell(0, "b")) == 300_000
    assert csv.field_size_limit() == limit


def test_missing_columns_name_the_nearest(write):
    table = read_table(write("title,price\nx,1\n"))
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
