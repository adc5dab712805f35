"""Reading JSON Lines strictly."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmfusion.data.tables import read_table
from mmfusion.errors import DataError


def test_values_keep_their_types(write):
    table = read_table(
        write(
            "t.jsonl",
            '{"a": "007", "b": 1, "c": true}\n'
            '{"d": ["x.jpg", "y.jpg"], "b": 1.5, "a": null}\r\n'
            '{"a": "NA", "d": [], "e": "\\ud83d\\ude00\u2028"}\n\n \n',
        )
    )
    assert table.columns == ("a", "b", "c", "d", "e")
    assert table.rows == [
        ("007", 1, True, "", ""),
        ("", 1.5, "", ["x.jpg", "y.jpg"], ""),
        ("NA", "", "", [], "\U0001f600\u2028"),
    ]
    assert [type(value) for value in table.column("b")[:2]] == [int, float]
    assert table.lines == [1, 2, 3] and not table.faults
    assert table.place(1) == (table.source, 2)


def test_a_byte_order_mark_and_another_suffix(write):
    path = write("t.ndjson", b'\xef\xbb\xbf{"a": 1}\n')
    assert read_table(path).rows == [(1,)]


def line(name, text, *what):
    return pytest.param(text, what, id=f"fault-11-{name}")


@pytest.mark.parametrize(
    "text, what",
    [
        line("cut", '{"a": 1', "is not JSON at character 8"),
        line("two", '{"a": 1} {"a": 2}', "is not JSON at character 10"),
        line("blank", " ", "the line is empty"),
        line("array", "[1, 2]", "holds a list, not an object"),
        line("text", '"a"', "holds a str, not an object"),
        line("null", "null", "not an object"),
        line("duplicate", '{"a": 1, "b": 1, "a": 2}', "has the key 'a' 2"),
        line("nan", '{"a": NaN}', "has NaN, which is not JSON"),
        line("infinity", '{"a": -Infinity}', "has -Infinity, which"),
        line("overflow", '{"a": 1e999}', "has the number 1e999, which is too"),
        line("digits", '{"a": %s}' % ("7" * 5000), "7777... of 5000 digits"),
        line("deeper", "[" * 100_000, "is nested too deeply"),
        line("half", '{"t": "\\ud83d"}', "half of a character"),
        line("half-key", '{"\\ud83d": 1}', "half of a character"),
    ],
)
def test_a_bad_line_keeps_its_place(write, text, what):
    content = f'{{"a": 1, "b": "x"}}\n{text}\n{{"a": 2, "b": "y"}}\n'
    table = read_table(write("t.jsonl", content))
    assert table.rows == [(1, "x"), ("", ""), (2, "y")]
    assert table.lines == [1, 2, 3]
    assert list(table.faults) == [1] and "\n" not in table.faults[1]
    assert all(part in table.faults[1] for part in what), table.faults[1]


@pytest.mark.parametrize(
    "value, what",
    [
        line("object", '{"b": 1}', "holds an object"),
        line("inner-object", '[{"b": 1}]', "holds an object"),
        line("null-in-list", '["x", null]', "holds a list with an empty"),
        line("mixed-list", '["x", 1]', "holds a list of values of several"),
        line("deep", "[[[[1]]]]", "holds lists more than 3 deep"),
        line("text", '"1"', "is a string here, a number in line 2; give"),
        line("bool", "true", "is a truth value here, a number in line 2"),
        line("list", "[1]", "is a list of number here, a number in line 2"),
    ],
)
def test_a_value_of_another_type_is_a_fault_of_its_cell(write, value, what):
    lines = '{"a": %s, "b": "x"}\n{"a": 1, "b": "y"}\n{"a": 2, "b": "z"}\n'
    table = read_table(write("t.jsonl", lines % value))
    assert table.rows == [("", "x"), (1, "y"), (2, "z")]
    assert not table.faults and list(table.cell_faults) == [(0, "a")]
    assert what[0] in table.cell_faults[0, "a"]
    assert table.faults_of(0, ["b", "a"]) == [("a", table.cell_faults[0, "a"])]
    # Of as many values the first decides.
    table = read_table(write("t.jsonl", f'{{"a": 1}}\n{{"a": {value}}}\n'))
    assert table.rows == [(1,), ("",)] and list(table.cell_faults) == [(1, "a")]


@pytest.mark.parametrize(
    "value", ['{"b": 1}', "[{}]", '["x", null]', "[1, true]", "[[[[1]]]]"]
)
def test_a_column_of_what_is_no_cell_is_noted_and_left_out(write, value):
    lines = '{"m": value, "a": 1}\n{"m": null, "a": 2}\n'
    path = write("t.jsonl", lines.replace("value", value))
    table = read_table(path)
    assert table.columns == ("a",) and table.rows == [(1,), (2,)]
    assert not table.faults and not table.cell_faults
    [what] = table.unreadable.values()
    assert table.notes == [f"{path}: 'm' {what}"] and "holds" in what
    assert table.missing_columns(["m"]) == {"m": what}


def test_an_empty_list_is_one_of_any_type(write):
    table = read_table(
        write(
            "t.jsonl",
            '{"a": null}\n{"l": []}\n{"a": 1, "l": ["x"]}\n'
            '{"a": "2", "l": [4]}\n{"a": 3, "l": ["y"]}\n',
        )
    )
    assert table.column("l") == ["", [], ["x"], "", ["y"]]
    assert "string here, a number in line 3" in table.cell_faults[3, "a"]
    assert "here, a list of string in line 3" in table.cell_faults[3, "l"]


@pytest.mark.parametrize(
    "content, what",
    [
        pytest.param(b"", "is empty", id="fault-01-empty"),
        pytest.param(b"\n \n", "is empty", id="fault-01-blank"),
        pytest.param(b"{}\n{}\n", "has no columns", id="fault-01-no-keys"),
        pytest.param(
            b'{"m": {}}\n', "t.jsonl:m: holds an object", id="fault-11-objects"
        ),
        pytest.param(
            b'{"a": "\xfc"}\n', "t.jsonl:1: is not UTF-8", id="fault-02"
        ),
        pytest.param(
            b'[{"a": 1},\n{"a": 2},\n]', "t.jsonl:2: is not", id="fault-11"
        ),
    ],
)
def test_what_is_no_table_is_named(write, fault, content, what):
    assert what in fault(write("t.jsonl", content))


def test_lines_at_fault_alone_are_told_of_a_file_of_them(write, fault):
    path = write("t.jsonl", "[1]\n[2]\n")
    assert "has no columns" not in fault(path)


def test_many_keys_take_no_time(write):
    keys = ", ".join(f'"k{at}": 1' for at in range(20_000))
    table = read_table(write("t.jsonl", f'{{"a": 1}}\n{{{keys}, "k0": 1}}'))
    assert "'k0' 2 times" in table.faults[1]


_CELL = st.text(st.characters(codec="utf-8"), max_size=5) | st.booleans()


@settings(max_examples=40)
@given(rows=st.lists(st.dictionaries(st.text("abc"), _CELL), max_size=6))
def test_what_the_json_module_writes_is_read_back(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("json") / "t.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    if not any(rows):
        with pytest.raises(DataError):
            read_table(path)
        return
    table = read_table(path)
    assert len(table) == len(rows)
    for at, row in enumerate(rows):
        found = dict(zip(table.columns, table.rows[at], strict=True))
        at_fault = dict(table.faults_of(at, row))
        expected = {k: "" if k in at_fault else v for k, v in row.items()}
        assert found == {name: "" for name in table.columns} | expected


@settings(max_examples=60)
@given(content=st.binary(max_size=30), cut=st.integers(0, 60))
def test_any_bytes_are_a_table_or_a_data_error(content, cut, tmp_path_factory):
    good = b'{"a": [1, 2], "b": "x"}\n{"a": [], "b": null}\n'
    path = tmp_path_factory.mktemp("json") / "t.jsonl"
    path.write_bytes(good[:cut] + content + good[cut:])
    try:
        table = read_table(path)
    except DataError:
        return
    assert len(table.rows) == len(table.lines) > 0
    assert all(len(row) == len(table.columns) for row in table.rows)
