"""Reading everything once, and telling all of it."""

import json

import numpy as np
import pytest
import soundfile
from PIL import Image as Picture

import mmfusion as mm
from benchmarks.check import found, inputs
from benchmarks.planted import FAULTS, plant
from mmfusion.data.checkup import check
from mmfusion.data.tabular import Tabular
from mmfusion.data.text import Text
from mmfusion.errors import ArgumentError, DataError
from tests.data.tiny import Digits, write_table


def test_all_planted_faults_are_found_and_nothing_else(tmp_path):
    planted = plant(tmp_path, rows=300, files=20, each=2)
    assert len(planted) == 2 * len(FAULTS) == 40
    checkup = check(tmp_path / "table.csv", inputs(), "label", id="sku")
    places = found(checkup.problems)
    assert sorted(places, key=str) == sorted(planted, key=str)
    assert all("; " in line for line in checkup.problems)
    assert checkup.bad == 40 and sum(checkup.splits.values()) == 260


def test_the_same_problems_stop_a_training(tmp_path):
    plant(tmp_path, rows=100, files=10, each=1)
    path = tmp_path / "table.csv"
    with pytest.raises(DataError) as caught:
        mm.data.read(path, inputs(), "label", id="sku")
    told = check(path, inputs(), "label", id="sku").problems
    assert caught.value.problems == told


def test_a_file_that_many_rows_name_is_read_once(tmp_path):
    reads = []

    class Counting(Digits):
        def read(self, value):
            reads.append(value)
            return super().read(value)

    def change(lines):
        for row in range(1, 21):
            lines[row][1] = f"{row % 3}.txt"

    path = write_table(tmp_path, change=change)
    checkup = check(path, {"digits": Counting("file")}, "label", id="sku")
    assert len(reads) == 3
    assert not checkup.problems
    assert sum(checkup.splits.values()) == 20


def held_out(lines):
    names = ["split", *["train"] * 14, *["test"] * 6]
    for line, name in zip(lines, names, strict=True):
        line.append(name)


def test_counts_are_those_of_each_split(tmp_path):
    path = write_table(tmp_path, change=held_out)
    given = {"digits": Digits("file"), "note": Text("note", optional=True)}
    checkup = check(path, given, "label", split={"column": "split"})
    assert checkup.splits == {"train": 14, "test": 6}
    assert checkup.inputs["note"].missing == {"train": 5, "test": 2}
    assert checkup.inputs["note"].measures["words"] == (2, 2, 2)
    assert checkup.targets["label"] == [
        ("cat", {"train": "7 (50.0 %)", "test": "3 (50.0 %)"}),
        ("dog", {"train": "7 (50.0 %)", "test": "3 (50.0 %)"}),
    ]
    text = str(checkup)
    assert "20 rows, 0 of them bad" in text and "No problems." in text
    assert "note: words" in text
    json.dumps(checkup.to_dict(), allow_nan=False)


def test_files_and_texts_that_stand_in_training_too_are_named(tmp_path):
    def change(lines):
        held_out(lines)
        lines[16][1] = "3.txt"  # The same file as row 5.
        (tmp_path / "17.txt").write_text((tmp_path / "4.txt").read_text())
        lines[19][2], lines[2][2] = "Fine  shoe", "fine shoe"

    path = write_table(tmp_path, change=change)
    given = {"digits": Digits("file"), "note": Text("note", optional=True)}
    checkup = check(path, given, "label", split={"column": "split"})
    leaks = {(x.modality, x.split): x for x in checkup.relations}
    assert leaks["digits", "test"].pairs == [(5, 17), (6, 19)]
    assert leaks["note", "test"].pairs == [(3, 20)]
    assert "2 of 6 rows of test have the digits of a training row" in str(
        checkup
    )
    assert "row 3 and row 20: 'fine shoe'" in str(checkup)


def test_validation_and_test_are_compared_with_each_other_too(tmp_path):
    def change(lines):
        names = ["split", *["train"] * 10, *["val"] * 5, *["test"] * 5]
        for line, name in zip(lines, names, strict=True):
            line.append(name)
        lines[18][1] = "12.txt"

    path = write_table(tmp_path, change=change)
    given = {"digits": Digits("file")}
    checkup = check(path, given, "label", split={"column": "split"})
    (leak,) = (x for x in checkup.relations if x.kind == "leak")
    assert (leak.split, leak.against) == ("test", "validation")
    assert leak.pairs == [(14, 19)]
    assert "1 of 5 rows of test have the digits of a validation row" in str(
        checkup
    )


def test_one_of_several_values_that_stands_in_training_is_told(tmp_path):
    def change(lines):
        held_out(lines)
        for row in range(1, 21):
            lines[row][1] = f"{row - 1}.txt| |{row % 3}.txt"
        lines[16][1] += "|7.txt|8.txt"  # Too many, and cut off.

    path = write_table(tmp_path, change=change)
    several = mm.data.Several(
        Digits(), "file", most=2, separator="|", truncate=True
    )
    checkup = check(path, {"s": several}, "label", split={"column": "split"})
    (leak,) = (x for x in checkup.relations if x.kind == "leak")
    assert (leak.modality, leak.split, leak.rows) == ("s", "test", 6)
    assert checkup.inputs["s"].findings == [
        "1 cells held more than 2 values; 2 values at their ends were left out"
    ]
    with pytest.warns(UserWarning, match="easier") as caught:
        data = mm.data.read(path, {"s": several}, "label", {"column": "split"})
    assert str(caught[0].message).count("(train)") == 5
    assert "/ " not in str(caught[0].message)  # The empty value is no path.
    assert data.notes[-1] == f"s: {checkup.inputs['s'].findings[0]}"
    rows = mm.data.read_unlabelled(path, {"s": several})
    assert rows.notes == data.notes[-1:]


@pytest.mark.parametrize("policy", ["error", "mask", "skip"])
def test_what_a_policy_lets_pass_is_counted_as_read_would(tmp_path, policy):
    def change(lines):
        held_out(lines)
        lines[3][1] = "gone.txt"  # Training.
        lines[5][4] = ""
        if policy != "skip":
            lines[18][1] = "gone.txt"  # Held out.
        if policy == "mask":
            lines[5][4] = "cat"

    path = write_table(tmp_path, change=change)
    given = {"d": Digits("file", optional=True)}
    arguments = given, "label", {"column": "split"}
    checkup = check(path, *arguments, bad_rows=policy)
    if policy == "error":
        assert len(checkup.problems) == checkup.bad == 3
        assert not checkup.masked and not checkup.skipped
        return
    data = mm.data.read(path, *arguments, bad_rows=policy)
    assert checkup.problems == [] and checkup.bad == 2
    assert "No problems." in str(checkup)
    assert checkup.masked == data.masked and checkup.skipped == data.skipped
    assert len(checkup.masked or checkup.skipped) == 2
    assert (checkup.masked or checkup.skipped)[0] in str(checkup)
    for split in ("train", "test"):
        assert checkup.splits[split] == len(getattr(data, split))
        present = getattr(data, split).arrays()[0]["d_present"]
        assert checkup.inputs["d"].missing[split] == np.sum(~present)


def test_equal_inputs_with_another_target_contradict(tmp_path):
    def change(lines):
        held_out(lines)
        lines[5][1:3] = lines[3][1:3]  # The same label.
        lines[6][1:3] = lines[3][1:3]  # The other one.

    path = write_table(tmp_path, change=change)
    given = {"digits": Digits("file"), "note": Text("note", optional=True)}
    checkup = check(path, given, "label", split={"column": "split"})
    kinds = {x.kind: x.pairs for x in checkup.relations}
    assert kinds["copies"] == [(4, 6), (4, 7)]
    assert kinds["contradictions"] == [(4, 7)]


def test_what_a_table_has_to_say_of_its_columns(tmp_path):
    rows = ["split,n,flat,kind,label"]
    for row in range(20):
        rows.append(f"train,{row % 7},3,{'ab'[row % 2]},{row % 2}")
    rows += ["test,1,3,a,0", "test,900,3,c,1", "test,,3,c,1", "test,many,3,a,1"]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows))
    checkup = check(
        path,
        {"facts": Tabular(["n", "flat", "kind"])},
        "label",
        split={"column": "split"},
    )
    (problem,) = checkup.problems
    assert ":25:n: expects a number, received 'many'" in problem
    lines = checkup.inputs["facts"].findings
    assert lines[0] == "n: empty cells: 0 in train, 1 in test"
    assert lines[1].startswith("n: 1 numbers of test are more than 10 dev")
    assert lines[1].endswith("the farthest is 900")
    assert lines[2] == "flat: is the same number in every training row"
    assert "kind: 2 cells of test hold a category" in lines[3]


def test_unknown_words_are_counted(tmp_path):
    rows = ["split,text,label"]
    rows += [f"train,red car {row % 2},{row % 2}" for row in range(10)]
    rows += ["test,red boat,0", "test,rotes Boot am See,1"]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows))
    text = Text("text", length=3)
    checkup = check(path, {"text": text}, "label", split={"column": "split"})
    lines = checkup.inputs["text"].findings
    assert lines == [
        "1 of 2 texts of test are longer than `length=3` words and are cut",
        "83.3 % of the words of test are unknown; is it another language or "
        "domain?",
    ]


@pytest.mark.parametrize("high, told", [(1, True), (200, False)], ids=str)
def test_fault_95_pictures_that_were_scaled_are_told(tmp_path, high, told):
    for row in range(4):
        pixels = np.full((4, 4, 3), (row % 2) * high, "uint8")
        Picture.fromarray(pixels).save(tmp_path / f"{row}.png")
    lines = [f"{row}.png,{row // 2}" for row in range(4)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["file,label", *lines]))
    image = {"photo": mm.data.Image("file", size=(4, 4))}
    lines = check(path, image, "label", split={}).inputs["photo"].findings
    assert ("4 pictures have no pixel above 1" in " ".join(lines)) == told


def test_what_nothing_can_be_learned_from_is_a_problem(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "n,gap,label\n" + "".join(f"{r},,{r % 2}\n" for r in range(9))
    )
    given = {"facts": Tabular(["n", "gap"])}
    (problem,) = check(path, given, "label", split={}).problems
    assert "Column 'gap' has no value in the training split" in problem
    with pytest.raises(DataError, match="Column 'gap' has no value"):
        mm.data.read(path, {"facts": Tabular(["n", "gap"])}, "label", split={})


def test_an_input_that_no_training_row_has_is_told(tmp_path):
    path = tmp_path / "t.csv"
    rows = "".join(f"{r}.png,{r % 2},train\n" for r in range(9))
    path.write_text(f"file,label,split\n{rows}9.png,0,test\n")
    Picture.new("L", (4, 4)).save(tmp_path / "9.png")
    settings = dict(split={"column": "split"}, bad_rows="mask")

    def told(notes):
        return [x for x in notes if "no row of training has a value" in x]

    def image():
        return {"photo": mm.data.Image("file", size=(4, 4), optional=True)}

    found = check(path, image(), "label", **settings)
    assert len(found.masked) == 9 and not found.problems
    data = mm.data.read(path, image(), "label", **settings)
    assert told(found.notes) == told(data.notes) != []
    assert "photo" in told(data.notes)[0]
    Picture.new("L", (4, 4)).save(tmp_path / "0.png")
    assert not told(check(path, image(), "label", **settings).notes)


def test_silent_clipped_and_long_sounds_are_told(tmp_path):
    for row, level in enumerate((0.0, 0.5, 1.0, 0.25)):
        wave = level * np.sin(np.linspace(0, 99, 801 if row == 3 else 800))
        wave[wave > 0.999] = 1.0
        soundfile.write(tmp_path / f"{row}.wav", wave, 8000)
    lines = [f"{row}.wav,{row // 2}" for row in range(4)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["file,label", *lines]))
    sound = {"s": mm.data.Audio("file", sample_rate=8000, seconds=0.1)}
    lines = check(path, sound, "label", split={}).inputs["s"].findings
    assert lines[0] == "1 of 4 sounds are longer than `seconds=0.1` and are cut"
    assert lines[1].startswith("1 sounds are silent")
    assert lines[2].startswith("1 sounds reach full scale")


def test_arguments_are_those_of_read(tmp_path):
    path = write_table(tmp_path)
    with pytest.raises(DataError, match="Did you mean 'file'"):
        check(path, {"digits": Digits("fil")}, "label")
    with pytest.raises(ArgumentError, match="given away"):
        check(path, {"note": Text("label")}, "label")
