"""Faults of tables and of the files they name."""

import pytest

from mmfusion.cli.predict import as_csv
from mmfusion.data.checkup import check
from mmfusion.data.read import read
from mmfusion.data.text import Text
from mmfusion.errors import ArgumentError, DataError
from mmfusion.report.markup import tag
from tests.data.tiny import Digits, write_table


def problems(path, inputs=None, **options):
    options = {"target": "label", "id": "sku", **options}
    with pytest.raises(DataError) as caught:
        read(path, inputs or {"digits": Digits("file")}, **options)
    return [line.removeprefix(str(path)) for line in caught.value.problems]


def change_of(**cells):
    """Line to cell, by column; lines are counted as an editor does."""

    def change(lines):
        for column, found in cells.items():
            for line, text in found.items():
                lines[line - 1][lines[0].index(column)] = text

    return change


def test_fault_06_a_misspelt_column_is_named_and_an_unused_one_is_a_note(
    tmp_path,
):
    path = write_table(tmp_path)
    (line,) = problems(path, {"digits": Digits("fil")})
    assert line.startswith(":1:fil:") and "Did you mean 'file'" in line
    notes = read(path, {"digits": Digits("file")}, "label", id="sku").notes
    assert [note.split(": ")[1] for note in notes] == [
        "the column 'note' is not used",
        "the column 'shop' is not used",
    ]


def test_fault_06_columns_are_never_matched_by_their_place(tmp_path):
    def turned(lines):
        for line in lines:
            line[:] = line[::-1]

    (tmp_path / "b").mkdir()
    first = read(write_table(tmp_path), {"d": Digits("file")}, "label")
    other = write_table(tmp_path / "b", change=turned)
    second = read(other, {"d": Digits("file")}, "label")
    x, y = first.train.arrays()[0]["d"], second.train.arrays()[0]["d"]
    assert x.tolist() == y.tolist()


def test_fault_07_an_id_that_is_there_twice_is_named_with_both_rows(tmp_path):
    path = write_table(tmp_path, change=change_of(sku={9: "s3"}))
    (line,) = problems(path)
    assert line.startswith(":9:sku: the id 's3' is that of row 5, too; make")


@pytest.mark.parametrize("same", ["path", "content", "text"])
def test_fault_07_what_is_in_training_and_test_is_named(tmp_path, same):
    def change(lines):
        names = ["split", *["train"] * 14, *["test"] * 6]
        for line, name in zip(lines, names, strict=True):
            line.append(name)
        for line in lines[1:]:
            line[2] = f"note of {line[0]}"
        if same == "path":
            lines[16][1] = "./3.txt"
        elif same == "content":
            (tmp_path / "15.txt").write_text((tmp_path / "3.txt").read_text())
        else:
            lines[16][2] = lines[4][2].upper()

    path = write_table(tmp_path, change=change)
    given = {"digits": Digits("file"), "note": Text("note")}
    found = check(path, given, "label", split={"column": "split"}).relations
    (leak,) = found
    assert leak.modality == ("note" if same == "text" else "digits")
    assert leak.kind == "leak" and leak.split == "test"
    assert leak.pairs == [(5, 17)] and "row 5 and row 17" in leak.text


def test_fault_09_all_files_are_listed_and_the_message_is_capped(tmp_path):
    files = {line: f"none{line}.txt" for line in range(2, 32)}
    files |= {40: "folder", 41: "empty.txt"}
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.txt").write_text("")
    path = write_table(tmp_path, rows=60, change=change_of(file=files))
    with pytest.raises(DataError) as caught:
        read(path, {"digits": Digits("file")}, "label", id="sku")
    error = caught.value
    assert len(error.problems) == 32
    assert [int(line.split(":")[1]) for line in error.problems] == sorted(files)
    shown = str(error).splitlines()
    assert len(shown) == 22 and "12 more, 32 in all" in shown[-1]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_fault_10_a_spreadsheet_runs_no_text_and_a_page_no_markup(start):
    answer = {"id": f"{start}cmd()", "label": "<script>"}
    row = as_csv([answer]).split("\n", 1)[1]
    assert row.lstrip('"').startswith("'")
    assert as_csv([{"id": 1, "label": -1}]).endswith("1,-1\n")  # A number.
    assert as_csv([{"id": "1", "label": "-1"}]).endswith("1,'-1\n")
    assert "<script>" not in str(tag("p", answer["label"]))


@pytest.mark.parametrize("size, steps", [(64, 1), (8, 2)])
def test_fault_14_a_batch_larger_than_the_split_loses_no_row(
    tmp_path, size, steps
):
    data = read(write_table(tmp_path), {"d": Digits("file")}, "label", split={})
    data = data.train.take(range(9))
    batches = list(data.batches(size, shuffle=False))
    assert len(batches) == steps
    assert sum(len(x["d"]) for x, _ in batches) == 9


def test_fault_14_a_split_without_rows_is_an_error(tmp_path):
    def change(lines):
        for line, name in zip(lines, ["split", *["test"] * 20], strict=True):
            line.append(name)

    path = write_table(tmp_path, change=change)
    (line,) = problems(path, split={"column": "split"})
    assert line.startswith(":split: leaves no row to train on")
    (tmp_path / "b").mkdir()
    train = read(
        write_table(tmp_path / "b"), {"d": Digits("file")}, "label", split={}
    ).train
    with pytest.raises(ArgumentError, match="has no rows"):
        train.take([]).batches(4)
