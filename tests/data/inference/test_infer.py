"""What columns are, by rules that give their reasons."""

import numpy as np
import pytest
import soundfile
from PIL import Image as Picture

from mmfusion.data.checkup import check
from mmfusion.data.inference import infer
from mmfusion.data.inference.targets import need_target
from mmfusion.data.read import read
from mmfusion.data.splits import part_of
from mmfusion.errors import ArgumentError
from mmfusion.recipe.resolve import modalities

ROWS = 40


@pytest.fixture
def table(tmp_path):
    """A CSV file with a column of every kind."""
    random = np.random.default_rng(0)
    for row in range(ROWS):
        Picture.fromarray(random.integers(0, 255, (20, 30, 3), "uint8")).save(
            tmp_path / f"{row}.jpg"
        )
        rate = 16000 if row else 8000
        soundfile.write(tmp_path / f"{row}.wav", np.zeros(rate // 2), rate)
    columns = {
        "sku": [f"s{row}" for row in range(ROWS)],
        "photo": [f"{row}.jpg" if row else "" for row in range(ROWS)],
        "call": [f"{row}.wav" for row in range(ROWS)],
        "review": [f"a good shoe for {row} days out" for row in range(ROWS)],
        "price": [f"{row}.5" for row in range(ROWS)],
        "shop id": [str(row % 5) for row in range(ROWS)],
        "brand": [["acme", "zig"][row % 2] for row in range(ROWS)],
        "part": [["train", "test"][row % 4 == 0] for row in range(ROWS)],
        "currency": ["EUR"] * ROWS,
        "nothing": [""] * ROWS,
        "link": [f"https://a.org/{row}" for row in range(ROWS)],
        "name": [f"x{row:x}y" for row in range(ROWS)],
        "stamp": [str(1_700_000_000 + row) for row in range(ROWS)],
        "label": [["bag", "hat"][row % 2] for row in range(ROWS)],
    }
    lines = [",".join(columns)]
    lines += [",".join(cells) for cells in zip(*columns.values(), strict=True)]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(lines))
    return path


def test_every_kind_of_column_is_recognized_with_its_reason(table):
    found = infer(table)
    assert {name: why.split(":")[0] for name, why in found.reasons.items()} == {
        "sku": "id",
        "photo": "image",
        "call": "audio",
        "review": "text",
        "price": "number",
        "shop id": "category",
        "brand": "category",
        "part": "split",
        "currency": "unused",
        "nothing": "unused",
        "link": "unused",
        "name": "unused",
        "stamp": "unused",
        "label": "target (class)",
    }
    assert "39 of 39 cells end in .jpg" in found.reasons["photo"]
    assert "20 x 30 pixels" in found.reasons["photo"]
    assert "rates differ (8000, 16000)" in found.reasons["call"]
    assert "URLs" in found.reasons["link"]
    assert found.id == "sku" and found.target == {"label": "label"}
    assert found.split == {"column": "part", "validation": 0.1}
    assert found.inputs == {
        "photo": {
            "type": "image",
            "column": "photo",
            "size": [20, 30],
            "optional": True,
        },
        "call": {
            "type": "audio",
            "column": "call",
            "sample_rate": 16000,
            "seconds": 0.5,
            "resample": True,
        },
        "review": {
            "type": "text",
            "column": "review",
            "kind": "tf_idf",
            "ngrams": 2,
            "sublinear": True,
            "normalize": True,
            "vocabulary_size": 8000,
        },
        "facts": {
            "type": "tabular",
            "numbers": ["price"],
            "categories": ["shop id", "brand"],
        },
    }
    assert list(modalities(found.inputs)) == list(found.inputs)


def test_a_column_that_gives_the_answer_away_is_pointed_out(table):
    (note,) = infer(table).notes
    assert note.startswith("'brand' alone tells 'label' in 100.0 %")
    left = infer(table, without=["brand"])
    assert not left.notes
    assert left.reasons["brand"] == "unused: left out, as asked"


def test_a_target_without_a_value_is_no_crash(table):
    assert infer(table, target="nothing").target == {"label": "nothing"}


def test_a_target_is_named_or_called_one_never_guessed(table):
    found = infer(table, target=["brand", "price"], without=["label"])
    assert found.target == {
        "brand": "brand",
        "price": {"type": "number", "column": "price"},
    }
    assert infer(table, without=["label"]).target == {}
    with pytest.raises(ArgumentError, match="Name it.*'sku'"):
        need_target(infer(table, without=["label"]))
    with pytest.raises(ArgumentError, match="mean 'brand'"):
        infer(table, target="brnd")


def test_groups_that_repeat_are_pointed_out(tmp_path):
    lines = [f"{row // 2},{row}.5,{row % 2}" for row in range(20)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["patient,age,label", *lines]))
    (note,) = infer(path).notes
    assert "split: {group: patient, ...}" in note


def test_several_labels_are_seen_by_their_separator(tmp_path):
    lines = [f"{row}.5,{'a|b' if row % 3 else 'a'}" for row in range(20)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["age,tags", *lines]))
    assert infer(path, target="tags").target == {
        "label": {"type": "labels", "column": "tags"}
    }


def written(path, **columns):
    """A CSV file of columns."""
    rows = zip(*columns.values(), strict=True)
    path.write_text("\n".join(",".join(x) for x in [columns, *rows]))
    return path


@pytest.mark.parametrize(
    "said, validation",
    [
        (("Train", "TEST", "Train", "test"), True),
        (("training", "Testing", "train", "Valid"), False),
        (("Train", "eval", "Dev", "test"), False),
    ],
)
def test_a_split_is_read_in_any_case_and_by_its_other_names(
    tmp_path, said, validation
):
    label = [["bag", "hat"][row // 4 % 2] for row in range(40)]
    age = [f"{row}.5" for row in range(40)]
    path = written(tmp_path / "t.csv", age=age, part=said * 10, label=label)
    found = infer(path)
    assert found.reasons["part"].startswith("split: it says ")
    wanted = {"validation": 0.1} if validation else {}
    assert found.split == {"column": "part", **wanted}
    assert found.inputs == {"facts": {"type": "tabular", "numbers": ["age"]}}
    data = read(path, modalities(found.inputs), "label", found.split)
    parts = [part_of(name) for name in said * 10]
    assert len(data.test) == parts.count("test")


@pytest.mark.parametrize(
    "name", ["split", "Set", "subset", "fold", "Partition"]
)
def test_what_parts_the_rows_is_no_input(tmp_path, name):
    columns = {"age": ["1.5", "2.5"] * 9, name: ["0", "1", "2"] * 6}
    found = infer(written(tmp_path / "t.csv", **columns, label=["a", "b"] * 9))
    assert found.inputs == {"facts": {"type": "tabular", "numbers": ["age"]}}
    assert found.split is None
    assert found.reasons[name].startswith("unused: its name says that it parts")
    (note,) = [note for note in found.notes if "left out" in note]
    assert f"split: {{column: {name}}}" in note
    assert f"split: {{group: {name}, ...}}" in note


@pytest.mark.parametrize(
    "price, kind, why",
    [
        ([f"{row}" for row in range(59)] + ["N/A"], "number", "1 of 60 cells"),
        ([f"{row}.5" for row in range(60)], "number", "60 different numbers"),
        (
            [f"{row}" for row in range(50)] + ["N/A"] * 10,
            "class",
            "51 different",
        ),
        ([str(row % 3) for row in range(59)] + ["N/A"], "class", "4 different"),
    ],
)
def test_a_few_cells_that_are_none_leave_a_target_of_numbers(
    tmp_path, price, kind, why
):
    age = [f"{row}.5" for row in range(60)]
    path = written(tmp_path / "t.csv", age=age, price=price)
    found = infer(path, target="price")
    assert found.reasons["price"].startswith(f"target ({kind}): named by you")
    assert why in found.reasons["price"]
    if "cells" in why:
        inputs = modalities(found.inputs)
        (problem,) = check(path, inputs, found.target).problems
        assert "61:price: expects a number, received 'N/A'" in str(problem)
