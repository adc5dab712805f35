"""A line that is not UTF-8 is a fault of its row, and of no other."""

import json

import pytest

from mmfusion.data.checkup import check
from mmfusion.data.read import read
from mmfusion.data.tables import read_table
from mmfusion.data.tabular import Tabular
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.errors import DataError

WHAT = (
    "is not UTF-8 (byte 0xfc); it may be Windows-1252 or Latin-1: save it as "
    "UTF-8"
)
SUFFIXES = ["csv", "tsv", "jsonl", "csv.gz", "tsv.gz", "ndjson.gz"]


def content(suffix, spoil, rows=24):
    """A table of a number, a word and a label; some rows are Latin-1."""
    lines = []
    for row in range(rows):
        cells = [f"{row}", "grün", "ab"[row % 2]]
        line = json.dumps(
            dict(zip("nwy", cells, strict=True)), ensure_ascii=False
        )
        if "json" not in suffix:
            line = ("\t" if "tsv" in suffix else ",").join(cells)
        lines.append(line.encode("latin-1" if row in spoil else "utf-8"))
    if "json" not in suffix:
        lines.insert(0, b"n\tw\ty" if "tsv" in suffix else b"n,w,y")
    return b"\n".join(lines) + b"\n"


def inputs():
    return {"facts": Tabular(numbers=["n"], categories=["w"])}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_row_is_answered_and_every_fault_listed(write, suffix):
    header = "json" not in suffix
    data = read(write(f"good.{suffix}", content(suffix, [])), inputs(), "y")
    path = write(f"t.{suffix}", content(suffix, [3, 17]))
    rows = read_unlabelled(path, data.inputs)
    bad = [at for at, status in enumerate(rows.status) if status != "ok"]
    assert len(rows) == 24 and bad == [3, 17]
    assert rows.status[3] == "malformed row" and rows.errors[3] == WHAT
    lines = [f"{path}:{at + 1 + header}: {WHAT}" for at in bad]
    assert check(path, inputs(), "y").problems == lines
    with pytest.raises(DataError) as caught:
        read(path, inputs(), "y")
    assert caught.value.problems == lines
    kept = read(path, inputs(), "y", bad_rows="skip")
    assert kept.skipped == lines
    assert len(kept.train) + len(kept.validation) + len(kept.test) == 22


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_half_character_is_left(write, suffix):
    spoil = range(24)
    path = write(f"t.{suffix}", content(suffix, spoil))
    data = read(write(f"good.{suffix}", content(suffix, [])), inputs(), "y")
    rows = read_unlabelled(path, data.inputs, "n")
    assert rows.status == ["malformed row"] * 24 and rows.ids() == [""] * 24
    "".join([*rows.errors, *rows.notes]).encode()
    with pytest.raises(DataError) as caught:
        read(path, inputs(), "y")
    assert len(caught.value.problems) == 24
    str(caught.value).encode()


def test_other_faults_of_the_table_are_told_too(write):
    table = read_table(write("t.csv", b"a,b\n1\n\xfc,2\n\xfc\n3,4\n"))
    assert table.rows == [("", ""), ("", ""), ("", ""), ("3", "4")]
    assert [what[:7] for what in table.faults.values()] == [
        "too few",
        "is not ",
        "is not ",
    ]


def test_a_record_of_several_lines_is_one_row(write):
    table = read_table(write("t.csv", b'a,b\n1,"x\n\xfc\ny"\n2,z\n'))
    assert table.rows == [("", ""), ("2", "z")] and table.lines == [2, 5]
    assert table.faults == {0: WHAT}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "coding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_wide_characters_are_refused_as_a_whole(
    write, fault, suffix, coding, mark
):
    text = mark + content(suffix, []).decode()
    lines = fault(write(f"t.{suffix}", text.encode(coding)))
    assert "\n" not in lines and "t." in lines
    if mark or len(coding) == 6:
        wide = coding[:6].upper()
        assert ":1: is not UTF-8 (byte 0xf" in lines and wide in lines


@pytest.mark.parametrize("suffix", ["csv", "tsv.gz"])
def test_a_header_is_refused(write, fault, suffix):
    text = b"n\xfc,w\n1,2\n"
    assert f"t.{suffix}:1: {WHAT}" in fault(write(f"t.{suffix}", text))
