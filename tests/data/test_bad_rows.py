"""What becomes of bad rows: told, masked or skipped, never lost."""

import pytest

from mmfusion.data.checkup import check
from mmfusion.data.read import read
from mmfusion.data.tabular import Tabular
from mmfusion.data.text import Text
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.data.vector import Vector
from mmfusion.errors import DataError
from tests.data.tiny import Digits, write_table

# Line in the file and column, and a cell that is bad there.
BAD_FILE, BAD_NOTE, NO_LABEL, TWICE = 4, 7, 9, 11


def inputs(optional=True):
    return {
        "digits": Digits("file", optional=optional),
        "note": Vector("note", dim=2, optional=True),
    }


@pytest.fixture
def path(tmp_path):
    def change(lines):
        lines[BAD_FILE - 1][1] = "none.txt"
        lines[BAD_NOTE - 1][2] = "1 2 3"

    return write_table(tmp_path, change=change)


@pytest.fixture
def worse(tmp_path):
    def change(lines):
        lines[BAD_FILE - 1][1] = "none.txt"
        lines[NO_LABEL - 1][4] = ""
        lines[TWICE - 1][0] = "s0"
        lines[12] = lines[12][:2]

    return write_table(tmp_path, change=change)


def options(**more):
    return {"target": "label", "id": "sku", "inputs": inputs(), **more}


def test_a_masked_value_is_absent_and_its_row_stays(path):
    data = read(path, bad_rows="mask", **options())
    assert len(data.splits) == 20 and not data.skipped
    assert [line.split(":")[1:3] for line in data.masked] == [
        [str(BAD_FILE), "file"],
        [str(BAD_NOTE), "note"],
    ]
    for split in (data.train, data.validation, data.test):
        x, _ = split.arrays()
        for at, key in enumerate(split.ids()):
            row = int(key[1:])
            assert x["digits_present"][at] == (row != BAD_FILE - 2)
            assert x["note_present"][at] == (
                row % 3 != 0 and row != BAD_NOTE - 2
            )
    (note,) = [n for n in data.notes if "count as absent" in n]
    assert "2 bad values (1 of digits, 1 of note)" in note


@pytest.mark.parametrize("cell", ["http://a.b/c", "../0.txt", "a\0b"])
def test_a_path_that_leads_nowhere_is_masked_like_any_other(tmp_path, cell):
    def change(lines):
        lines[BAD_FILE - 1][1] = cell

    path = write_table(tmp_path, change=change)
    data = read(path, bad_rows="mask", split={}, **options())
    assert len(data.train) == 20
    (line,) = data.masked
    assert line.startswith(f"{path}:{BAD_FILE}:file:")


@pytest.mark.parametrize("cell", ["none.txt", "http://a.b/c"])
def test_what_is_masked_is_absent_for_an_export_and_for_adapting(
    tmp_path, cell
):
    def change(lines):
        lines[BAD_FILE - 1][1] = cell

    path = write_table(tmp_path, change=change)
    split = read(path, bad_rows="mask", split={}, **options()).train
    at = BAD_FILE - 2
    assert split.raw([at, 3])["digits"] == [None, b"30"]
    values = list(split.canonical("digits"))
    assert values[at] is None and values[3].tolist() == [3, 0]


def test_what_is_not_optional_cannot_be_masked(path):
    with pytest.raises(DataError) as caught:
        read(path, bad_rows="mask", **options(inputs=inputs(optional=False)))
    (line,) = caught.value.problems
    assert line.endswith("only an optional 'digits' can be masked")


def test_a_row_without_a_label_cannot_be_masked(worse):
    with pytest.raises(DataError) as caught:
        read(worse, bad_rows="mask", **options())
    found = [line.split(":")[1] for line in caught.value.problems]
    assert found == [str(NO_LABEL), str(TWICE), "13"]


def test_skipped_rows_are_in_no_split_and_listed(worse):
    data = read(worse, bad_rows="skip", **options())
    lost = {f"s{line - 2}" for line in (BAD_FILE, NO_LABEL)} | {"", "s0"}
    kept = {f"s{row}" for row in range(20)} - lost - {"s9", "s11"} | {"s0"}
    assert set(data.splits) == kept and len(data.splits) == 16
    assert sum(map(len, (data.train, data.validation, data.test))) == 16
    lines = [line.split(":")[1] for line in data.skipped]
    assert lines == [str(BAD_FILE), str(NO_LABEL), str(TWICE), "13"]
    (note,) = [n for n in data.notes if "skipped and" in n]
    assert "4 bad rows are skipped and" in note


def test_a_row_that_a_column_holds_out_is_not_skipped(tmp_path):
    def change(lines):
        names = ["train"] * 12 + ["val"] * 3 + ["test"] * 5
        for line, name in zip(lines, ["split", *names], strict=True):
            line.append(name)
        lines[3][1] = lines[18][1] = "none.txt"
        lines[5][5] = "trian"

    path = write_table(tmp_path, change=change)
    with pytest.raises(DataError) as caught:
        read(path, bad_rows="skip", split={"column": "split"}, **options())
    (line,) = caught.value.problems
    assert ":19:file:" in line
    assert line.endswith("it is in test, and only rows of training are skipped")


def test_rows_are_skipped_for_what_shows_after_learning_too(tmp_path):
    from mmfusion.data.tabular import Tabular

    def change(lines):
        for line, name in zip(
            lines, ["split", *["train"] * 15, *["test"] * 5], strict=True
        ):
            line.append(name)
        for row in range(1, 21):
            lines[row][3] = str(row)
        lines[18][3] = "many"

    path = write_table(tmp_path, change=change)
    given = options(inputs={"facts": Tabular(columns=["shop"])})
    with pytest.raises(DataError, match=r"19:shop: expects a number.*in test"):
        read(path, bad_rows="skip", split={"column": "split"}, **given)


@pytest.mark.parametrize(
    "modality, what",
    [
        (Tabular(numbers=["gap"], optional=True), "has no value"),
        (Vector("gap", optional=True), "finds no value"),
        (Text("gap", optional=True), "finds no word"),
    ],
)
def test_what_nothing_can_be_learned_from_is_a_problem(
    tmp_path, modality, what
):
    path = tmp_path / "t.csv"
    path.write_text("gap,label\n" + ",a\n,b\n" * 5)
    with pytest.raises(DataError) as caught:
        read(path, {"thing": modality}, "label")
    (line,) = caught.value.problems
    assert line.startswith(f"{path}:gap: ") and what in line


@pytest.mark.parametrize("count", [3, 30])
def test_where_no_row_is_left_to_train_the_error_says_why(tmp_path, count):
    path = tmp_path / "table.csv"
    path.write_text("note,label\n" + "1 2 3,cat\n" * count)
    note = {"note": Vector("note", dim=2)}
    with pytest.raises(DataError) as caught:
        read(path, note, "label", bad_rows="skip")
    lines = str(caught.value).splitlines()
    assert (
        f"no row to train on; correct what is wrong with {count} bad rows"
        in (lines[1])
    )
    assert lines[2].startswith(f"{path}:2:note: ")
    assert len(caught.value.problems) == count + 1


@pytest.mark.parametrize("policy", ["error", "mask", "skip"])
def test_where_every_row_is_bad_only_skipping_leaves_none(tmp_path, policy):
    lines = [f"word {row},x,{row % 2}" for row in range(12)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["note,n,good", *lines]))

    def given():
        return {"note": Text("note"), "facts": Tabular(numbers=["n"])}

    told = check(path, given(), "good", bad_rows=policy).problems
    with pytest.raises(DataError) as caught:
        read(path, given(), "good", bad_rows=policy)
    none = [line for line in told if "leaves no row to train on" in line]
    assert len(none) == (policy == "skip")
    assert set(told) <= set(caught.value.problems)
    assert len(caught.value.problems) == 12 + len(none)


def test_where_no_good_row_would_train_it_is_told(tmp_path):
    def change(lines):
        for line, name in zip(lines, ["split", *["test"] * 20], strict=True):
            line.append(name)
        lines[3][1] = "none.txt"

    path = write_table(tmp_path, change=change)
    given = {"digits": Digits("file")}
    lines = check(path, given, "label", {"column": "split"}).problems
    assert len(lines) == 2 and "leaves no row to train on" in lines[0]


@pytest.mark.parametrize("policy", ["error", "skip"])
def test_a_file_that_feeds_two_inputs_is_told_of_once(tmp_path, policy):
    def change(lines):
        lines[3][1] = "none.txt"

    path = write_table(tmp_path, change=change)
    given = {"digits": Digits("file"), "again": Digits("file")}
    checkup = check(path, given, "label", bad_rows=policy)
    (line,) = checkup.problems or checkup.skipped
    assert ":4:file: " in line and checkup.bad == 1
    if policy == "error":
        with pytest.raises(DataError) as caught:
            read(path, given, "label")
        assert caught.value.problems == [line]
    else:
        assert read(path, given, "label", bad_rows="skip").skipped == [line]
    (path.parent / "5.txt").write_text("no digits")
    rows = read_unlabelled(path, given)
    assert rows.errors[5].count("holds no digits") == 1
    assert rows.status[5].count("cannot be decoded") == 2  # Of each input.


def test_a_bad_value_gets_no_answer_whatever_the_training_masked(path):
    rows = read(path, inputs(), "label", bad_rows="mask").like(path)
    bad = {BAD_FILE - 2, BAD_NOTE - 2}
    assert {row for row, s in enumerate(rows.status) if s != "ok"} == bad
