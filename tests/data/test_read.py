"""Reading a table with all that it names."""

import collections

import numpy as np
import pytest

from mmfusion.data.read import read_csv
from mmfusion.data.tabular import Tabular
from mmfusion.data.text import Text
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError, DataError
from tests.data.tiny import Digits, write_table


def inputs():
    return {
        "digits": Digits("file"),
        "note": Vector("note", dim=2, optional=True),
    }


def read(path, **options):
    options = {"target": "label", "id": "sku", **options}
    return read_csv(path, options.pop("inputs", None) or inputs(), **options)


def problems(path, **options):
    with pytest.raises(DataError) as caught:
        read(path, **options)
    name = str(path)
    assert all(line.startswith(name) for line in caught.value.problems)
    return [line.removeprefix(name) for line in caught.value.problems]


def set_cells(cells):
    def change(lines):
        for (line, column), text in cells.items():
            lines[line - 1][lines[0].index(column)] = text

    return change


def test_rows_keep_what_is_theirs(tmp_path):
    data = read(write_table(tmp_path))
    seen = set()
    for split in (data.train, data.validation, data.test):
        x, y = split.arrays()
        for at, key in enumerate(split.ids()):
            row = int(key[1:])
            assert x["digits"][at].tolist() == [row % 10, row // 10]
            assert x["note_present"][at] == (row % 3 != 0)
            expected = [0, 0] if row % 3 == 0 else [row, 1]
            assert x["note"][at].tolist() == expected
            assert (
                split.classes["label"][y["label"][at]]
                == (["cat", "dog"][row % 2])
            )
            seen.add(key)
    assert len(seen) == 20
    assert data.splits["s3"] in ("train", "validation", "test")
    assert data.target == {"label": "label"}
    assert data.schema.targets["label"].classes == ("cat", "dog")
    assert data.schema.inputs["note"].optional
    assert data.notes == [
        f"{tmp_path / 'table.csv'}: the column 'shop' is not used"
    ]


def test_all_faults_of_all_kinds_are_found_at_once(tmp_path):
    cells = {
        (3, "label"): "",
        (4, "file"): "none.txt",
        (5, "sku"): "s0",
        (6, "note"): "1 2 3",
        (7, "file"): "",
        (8, "file"): "../up.txt",
        (9, "file"): "https://a.b/c",
        (10, "sku"): " ",
        (13, "file"): "bad.txt",
    }
    (tmp_path / "bad.txt").write_text("xy")

    def change(lines):
        set_cells(cells)(lines)
        lines[10] = lines[10][:3]

    found = problems(write_table(tmp_path, change=change))
    expected = [
        ":3:label: has no label",
        ":4:file: '",
        ":5:sku: the id 's0' is that of row 2, too",
        ":6:note: expects a vector of 2 numbers",
        ":7:file: has no value; fill it in, or make 'digits' optional",
        ":8:file: '../up.txt' leads out of the folder",
        ":9:file: 'https://a.b/c' is a URL; download",
        ":10:sku: has no id",
        ":11: too few fields, 3 where the header has 5",
        ":13:file: holds no digits; replace the file",
    ]
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start) and "; " in line


def test_lines_count_quoted_line_breaks(tmp_path):
    change = set_cells({(2, "shop"): '"two\nlines"', (4, "label"): ""})
    found = problems(write_table(tmp_path, change=change))
    assert found[0].startswith(":5:label:")


def test_unknown_columns_are_named_with_the_nearest(tmp_path):
    found = problems(
        write_table(tmp_path),
        inputs={"d": Digits("fill"), "n": Vector("nothing", dim=1)},
        target="lable",
        split={"group": "shopp", "test": 0.1},
        id="skku",
    )
    assert len(found) == 5
    for column, near in [("fill", "file"), ("lable", "label"), ("skku", "sku")]:
        assert any(
            line.startswith(f":1:{column}:") and f"mean {near!r}" in line
            for line in found
        )


def test_a_label_that_is_an_input_is_refused(tmp_path):
    path = write_table(tmp_path)
    given = {"note": Text("note"), "facts": Tabular(columns=["shop", "label"])}
    with pytest.raises(ArgumentError, match="'label' is the target.*'facts'"):
        read(path, inputs=given)


def test_wrong_arguments_are_refused(tmp_path):
    path = write_table(tmp_path)
    with pytest.raises(ArgumentError, match="bad_rows"):
        read(path, bad_rows="drop")
    with pytest.raises(ArgumentError, match="Pass `column=`"):
        read(path, inputs={"note": Text()})
    with pytest.raises(ArgumentError, match="modality name"):
        read(path, inputs={"Note": Text("note")})
    with pytest.raises(ArgumentError, match="dict of modality"):
        read_csv(path, [], "label")


def test_classes_that_cannot_be_learned_are_faults(tmp_path):
    ones = {(row, "label"): "cat" for row in range(2, 22)}
    found = problems(write_table(tmp_path, change=set_cells(ones)))
    assert "one class only, 'cat'" in found[0]
    found = problems(
        write_table(tmp_path, change=set_cells({(7, "label"): "x"}))
    )
    assert "the class 'x' has 1 row, too few for 3 splits" in found[0]


def by_column(lines):
    names = ["train"] * 12 + ["val", "dev", "validation"] + ["test"] * 5
    for line, name in zip(lines, ["split", *names], strict=True):
        line.append(name)


def test_a_column_says_the_split(tmp_path):
    path = write_table(tmp_path, change=by_column)
    data = read(path, split={"column": "split", "validation": 0.5})
    assert data.train.ids() == [f"s{row}" for row in range(12)]
    assert data.validation.ids() == ["s12", "s13", "s14"]
    assert data.test.ids() == [f"s{row}" for row in range(15, 20)]


def test_a_missing_validation_is_made_from_training_rows(tmp_path):
    def change(lines):
        by_column(lines)
        for line in lines[13:16]:
            line[-1] = "train"

    path = write_table(tmp_path, change=change)
    data = read(path, split={"column": "split", "validation": 0.2})
    assert len(data.validation) in (2, 3, 4)
    assert data.test.ids() == [f"s{row}" for row in range(15, 20)]
    assert len(data.train) + len(data.validation) == 15
    assert read(path, split={"column": "split"}).validation is None


def test_a_bad_split_is_named(tmp_path):
    def change(lines):
        by_column(lines)
        lines[4][-1] = "trian"
        lines[5][-1] = ""

    path = write_table(tmp_path, change=change)
    found = problems(path, split={"column": "split"})
    assert found[0].startswith(":5:split: 'trian' is no split; write one of")
    assert found[1].startswith(":6:split: '' is no split")


def test_a_class_only_in_test_is_named_with_its_row(tmp_path):
    def change(lines):
        by_column(lines)
        lines[19][4] = "cow"
        lines[0][4] = "animal"

    path = write_table(tmp_path, change=change)
    found = problems(path, target="animal", split={"column": "split"})
    assert found[0].startswith(":20:animal: the class 'cow' is in test")


def test_a_group_on_two_sides_of_a_column_is_a_fault(tmp_path):
    path = write_table(tmp_path, change=by_column)
    found = problems(path, split={"column": "split", "group": "shop"})
    assert len(found) == 1
    assert ":shop: the group 'shop3' is on several sides" in found[0]


def test_drawn_groups_stay_whole_and_are_carried(tmp_path):
    path = write_table(tmp_path)
    data = read(path, split={"validation": 0.2, "test": 0.2, "group": "shop"})
    sides = collections.defaultdict(set)
    for split in (data.train, data.validation, data.test):
        assert split.unit == "shop"
        for group, key in zip(split.groups, split.ids(), strict=True):
            assert group == f"shop{int(key[1:]) // 4}"
            sides[group].add(split.name)
    assert len(sides) == 5
    assert all(len(names) == 1 for names in sides.values())


def test_a_shuffled_table_is_split_as_before(tmp_path):
    def flip(lines):
        lines[1:] = lines[:0:-1]

    splits = read(write_table(tmp_path)).splits
    assert read(write_table(tmp_path, change=flip)).splits == splits
    assert read(write_table(tmp_path), seed=1).splits != splits


def test_no_split_trains_on_all_rows(tmp_path):
    data = read(write_table(tmp_path), split={}, id=None)
    assert data.train.ids() == [str(row) for row in range(20)]
    assert data.validation is data.test is None


def test_the_vocabulary_is_that_of_the_training_rows(tmp_path):
    text = Text("shop", vocabulary_size=20, length=1)
    path = write_table(tmp_path, change=by_column)
    read(path, inputs={"shop": text}, split={"column": "split"})
    assert text.vocabulary == ["shop0", "shop1", "shop2"]


def test_several_targets_have_classes_of_their_own(tmp_path):
    data = read(
        write_table(tmp_path),
        target={"kind": "label", "place": "shop"},
        split={},
    )
    assert list(data.schema.targets) == ["kind", "place"]
    assert len(data.train.classes["place"]) == 5
    _, y = next(iter(data.train.batches(4)))
    assert sorted(y) == ["kind", "place"]
    np.testing.assert_array_equal(
        data.train.targets["place"], np.repeat(np.arange(5), 4)
    )


def test_a_file_in_training_and_test_is_warned_of(tmp_path):
    def change(lines):
        by_column(lines)
        lines[20][1] = "./0.txt"

    path = write_table(tmp_path, change=change)
    with pytest.warns(UserWarning, match=r"row 2 \(train\).*row 21 \(test\)"):
        read(path, split={"column": "split"})


def test_a_file_may_be_outside_if_that_is_allowed(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "out.txt").write_text("12")
    change = set_cells({(2, "file"): "../out.txt"})
    path = write_table(folder, change=change)
    assert "leads out" in problems(path)[0]
    data = read(path, split={}, allow_outside_root=True)
    assert data.train.arrays([0])[0]["digits"].tolist() == [[1, 2]]
