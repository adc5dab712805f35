"""What columns of lists are, typed or written in a text, empty ones too."""

import json

import pytest

from mmfusion.data.inference import infer
from mmfusion.data.read import read
from mmfusion.errors import DataError
from mmfusion.recipe.resolve import modalities
from tests.data.inference.test_files import LABELS, ROWS, can_be_read, of_lines
from tests.data.inference.test_files import photos as photos

TAGS = [["red shoe", "good"], ["green"]] * (ROWS // 2)
PLACES = [[row, 0.5, 1] for row in range(ROWS)]


def of_delimited(folder, cells):
    """A TSV file, whose cells need no quotes, of cells and labels."""
    rows = zip(cells, LABELS, strict=True)
    path = folder / "t.tsv"
    path.write_text("\n".join(["x\tlabel", *map("\t".join, rows)]))
    return path


def as_json(folder, cells):
    return of_delimited(folder, map(json.dumps, cells))


@pytest.mark.parametrize("write", [of_lines, as_json])
@pytest.mark.parametrize("cells, kind", [(TAGS, "several"), (PLACES, "vector")])
def test_a_column_with_empty_lists_is_optional(tmp_path, write, cells, kind):
    path = write(tmp_path, [[], *cells[1:-1], []])
    found = infer(path)
    assert found.inputs["x"]["type"] == kind
    assert found.inputs["x"]["optional"] is True
    assert "2 of 40 cells are empty, so it is optional" in found.reasons["x"]
    assert can_be_read(path, found)
    found = infer(write(tmp_path, cells))
    assert "optional" not in {**found.inputs["x"], found.reasons["x"]: 0}


def test_a_column_of_empty_lists_is_not_used(tmp_path):
    found = infer(of_lines(tmp_path, [[]] * ROWS))
    assert found.reasons["x"] == "unused: every cell is empty"


def test_a_json_list_in_a_text_is_what_read_takes_it_for(photos):
    cells = [[f"{row}.png", "0.png"][: 1 + row % 2] for row in range(ROWS)]
    path = as_json(photos, cells)
    found = infer(path)
    assert found.inputs["x"] == {
        "type": "several",
        "column": "x",
        "most": 2,
        "of": {"type": "image", "size": [20, 30]},
    }
    assert "every cell is a JSON list, of 2 at most" in found.reasons["x"]
    assert can_be_read(path, found)
    path = as_json(photos, PLACES)
    found = infer(path)
    wanted = {"type": "vector", "column": "x", "dim": 3}
    assert found.inputs["x"] == wanted
    assert "every cell is a JSON list of 3 numbers" in found.reasons["x"]
    assert can_be_read(path, found)


def test_a_few_cells_that_are_no_list_will_be_faults(tmp_path):
    path = of_delimited(tmp_path, ["green", *map(json.dumps, TAGS[1:])])
    found = infer(path)
    assert found.inputs["x"]["type"] == "several"
    assert "39 of 40 cells are JSON lists" in found.reasons["x"]
    assert "the others will be faults" in found.reasons["x"]
    with pytest.raises(DataError, match="t.tsv:2:x: is no JSON list"):
        read(path, modalities(found.inputs), "label", {})


def test_lists_among_texts_are_texts_and_that_is_told(tmp_path):
    texts = [f"a good shoe for {row} days" for row in range(ROWS // 2)]
    texts += map(json.dumps, TAGS[ROWS // 2 :])
    found = infer(of_delimited(tmp_path, texts))
    assert found.inputs["x"]["type"] == "text"
    assert (
        "20 of 40 cells are JSON lists, which are read as text; for `several` "
        "make every cell one" in found.reasons["x"]
    )


def test_a_target_of_json_lists_says_how_several_labels_are_written(tmp_path):
    path = as_json(tmp_path, TAGS)
    found = infer(path, target="x")
    assert found.target == {"label": "x"}
    assert "40 of 40 cells are JSON lists, which are" in found.reasons["x"]
    assert "a|b" in found.reasons["x"]


def test_rows_at_fault_make_nothing_optional(tmp_path):
    cells = [f"a good shoe for {row} days" for row in range(ROWS)]
    path = of_delimited(tmp_path, cells)
    path.write_text(path.read_text() + "\nragged")
    found = infer(path)
    assert "optional" not in found.inputs["x"]
    (note,) = found.notes
    assert "1 of 41 rows are at fault" in note
    assert note.endswith("what is inferred leaves them out")
    path = of_lines(tmp_path, [*cells[:-1], 7])
    found = infer(path)
    assert "optional" not in found.inputs["x"]
    assert "1 of 40 rows are at fault" in found.notes[0]
    path = of_lines(tmp_path, [*cells[:-2], None, 7])
    assert "1 of 39 cells is empty, so it is" in infer(path).reasons["x"]
