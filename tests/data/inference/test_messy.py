"""Tables as they come: no name, row numbers, cells that are no numbers."""

import pytest

from mmfusion.data.checkup import check
from mmfusion.data.inference import infer
from mmfusion.data.read import read
from mmfusion.recipe.resolve import modalities
from tests.data.inference.test_infer import written

ROWS = 90
LABELS = [["bag", "hat"][row % 2] for row in range(ROWS)]
AGES = [f"{row % 7}.5" for row in range(ROWS)]
FACTS = {"facts": {"type": "tabular", "numbers": ["age"]}}


def problems_of(path, found):
    """What `check` says of a table, by what was inferred."""
    inputs = modalities(found.inputs)
    return list(map(str, check(path, inputs, found.target).problems))


@pytest.mark.parametrize("name", ["", "  ", "Unnamed: 0"])
@pytest.mark.parametrize("cell", ["{}", "a word {}", "{}.5"])
def test_a_column_without_a_name_is_no_input_and_that_is_told(
    tmp_path, name, cell
):
    cells = [cell.format(row * 7 % ROWS) for row in range(ROWS)]
    columns = {name: cells, "age": AGES, "label": LABELS}
    found = infer(written(tmp_path / "t.csv", **columns))
    assert found.inputs == FACTS and found.id is None
    assert found.reasons[name].startswith("unused: ")
    (note,) = found.notes
    assert note == (
        "column 1 has no name; it is left out. Name it, or write the table "
        "with index=False"
    )
    quiet = infer(tmp_path / "t.csv", without=[name])
    assert quiet.reasons[name] == "unused: left out, as asked"
    assert not quiet.notes


@pytest.mark.parametrize("name", ["place", "index", "row id"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_row_number_is_no_input(tmp_path, name, first):
    numbers = [str(row + first) for row in range(ROWS)]
    columns = {name: numbers, "age": AGES, "label": LABELS}
    found = infer(written(tmp_path / "t.csv", **columns))
    assert found.inputs == FACTS
    assert f"it counts the rows, {first} to" in found.reasons[name]


def test_a_row_number_may_begin_again_in_each_file(tmp_path):
    paths = {}
    for split in ("train", "test"):
        path = paths[split] = tmp_path / f"{split}.csv"
        written(path, place=map(str, range(ROWS)), age=AGES, label=LABELS)
    assert infer(paths).inputs == FACTS


def test_numbers_out_of_order_are_no_row_numbers(tmp_path):
    for cells in (range(2, ROWS + 2), [1, 0, *range(2, ROWS)]):
        path = written(tmp_path / "t.csv", age=map(str, cells), label=LABELS)
        assert infer(path).inputs == FACTS


def test_numbers_with_many_bad_cells_are_numbers_and_that_is_told(tmp_path):
    age = ["n/a" if row % 9 == 3 else f"{row}" for row in range(ROWS)]
    path = written(tmp_path / "t.csv", age=age, label=LABELS)
    found = infer(path)
    assert found.inputs == FACTS
    reason = found.reasons["age"]
    assert "80 of 90 cells are numbers, 0 to 89" in reason
    assert "the others (n/a) will be faults" in reason
    assert "empty them" in reason and "bad_rows" in reason
    problems = problems_of(path, found)
    assert len(problems) == 10 and ":5:age: " in problems[0]
    data = read(path, modalities(found.inputs), "label", bad_rows="skip")
    assert len(data.train) + len(data.validation) + len(data.test) == 80


def test_cells_that_are_bad_in_many_ways_are_shown(tmp_path):
    age = [f"{row}.5" for row in range(40)]
    age[3::7] = ['"1,5"', "nan", "inf", "n/a", "-", "?"]
    path = written(tmp_path / "t.csv", age=age, label=LABELS[:40])
    found = infer(path)
    assert found.inputs == FACTS
    assert "34 of 40 cells are numbers" in found.reasons["age"]
    assert "the others (1,5, nan, inf, ...) will be" in found.reasons["age"]
    assert len(problems_of(path, found)) == 6


def test_numbers_among_words_are_told_where_they_are_no_number(tmp_path):
    age = [f"x{row:x}" if row % 3 == 0 else f"{row}" for row in range(ROWS)]
    path = written(tmp_path / "t.csv", age=age, label=LABELS)
    found = infer(path)
    assert not found.inputs
    assert found.reasons["age"].startswith(
        "unused: 60 of 90 cells are numbers, the others are not (x0, x3, x6, "
        "...)"
    )
    assert "names or ids" not in found.reasons["age"]
    age = [["1", "2", "3", "4", "none"][row % 5] for row in range(ROWS)]
    path = written(tmp_path / "t.csv", age=age, label=LABELS)
    found = infer(path)
    assert found.inputs["facts"]["categories"] == ["age"]
    assert "72 of 90 cells are numbers, the others" in found.reasons["age"]
    age = ["n/a" if row % 9 == 3 else f"{row}" for row in range(ROWS)]
    path = written(tmp_path / "t.csv", x=AGES, age=age)
    found = infer(path, target="age")
    assert "80 of 90 cells are numbers, the others" in found.reasons["age"]


@pytest.mark.parametrize("other", ["photo_mask", "photo_present_mask", "_mask"])
def test_no_name_of_an_input_is_that_of_another_ones_mask(tmp_path, other):
    columns = {
        other: [f"a bad hat of {row} days" for row in range(ROWS)],
        "photo": [f"a good shoe of {row} days" for row in range(ROWS)],
    }
    path = written(tmp_path / "t.csv", **columns, label=LABELS)
    found = infer(path)
    assert len(found.inputs) == 2
    assert found.inputs["photo"]["column"] == "photo"
    assert not any(name.endswith("_present") for name in found.inputs)
    assert not any(name.endswith("_mask") for name in found.inputs)
    assert not problems_of(path, found)


def test_codes_among_numbers_are_no_bad_numbers(tmp_path):
    codes = [f"{row % 6}{row:04d}" for row in range(ROWS)]
    path = written(tmp_path / "t.csv", zip=codes, age=AGES, label=LABELS)
    found = infer(path)
    assert found.inputs == FACTS
    assert found.reasons["zip"].startswith("unused: single words, 100 %")
