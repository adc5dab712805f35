"""What columns of lists are, typed or written in a text, empty ones too."""

import json

import numpy as np
import pytest

from mmfusion.data.inference import infer
from mmfusion.data.inference.evidence import Evidence
from mmfusion.data.inference.roles import role_of
from mmfusion.data.read import read, read_dataframe
from mmfusion.data.tables.frame import table_of_frame
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


@pytest.mark.parametrize("write", [of_lines, as_json])
def test_a_few_vectors_of_another_length_will_be_faults(tmp_path, write):
    path = write(tmp_path, [*PLACES[:-1], [1, 2.5]])
    found = infer(path)
    assert found.inputs["x"] == {"type": "vector", "column": "x", "dim": 3}
    assert (
        "39 of 40 have 3 numbers; the others will be faults"
        in found.reasons["x"]
    )
    with pytest.raises(DataError, match=r":4[01]:x: expects a vector of 3"):
        read(path, modalities(found.inputs), "label", {})


def test_vectors_of_many_lengths_are_no_input_and_that_is_why(tmp_path):
    cells = [[0.5] * (1 + row % 4) for row in range(ROWS)]
    found = infer(of_lines(tmp_path, cells))
    assert not found.inputs
    assert found.reasons["x"].startswith(
        "unused: it holds lists of 1 to 4 numbers, and no length is that of "
        "90 % of them"
    )


@pytest.mark.parametrize("write", [of_lines, as_json])
def test_a_list_of_vectors_is_a_sequence(tmp_path, write):
    cells = [[[row, 0.5]] * (1 + row % 4) for row in range(ROWS)]
    path = write(tmp_path, cells)
    found = infer(path)
    wanted = {"type": "vector", "column": "x", "dim": 2, "steps": 4}
    assert found.inputs["x"] == wanted
    assert "of 4 vectors at most, of 2 numbers each" in found.reasons["x"]
    assert can_be_read(path, found)


NAMES = [repr([f"{row}.png", "0.png"][: 1 + row % 2]) for row in range(ROWS)]


GAPS = [f"[{row}.5, None]" for row in range(ROWS)]


@pytest.mark.parametrize("cells", [NAMES, GAPS])
@pytest.mark.parametrize("others", [0, 20])
def test_lists_as_python_writes_them_are_no_texts(tmp_path, cells, others):
    texts = [f"a good shoe for {row} days" for row in range(others)]
    found = infer(of_delimited(tmp_path, [*texts, *cells[others:]]))
    assert not found.inputs
    assert found.reasons["x"] == (
        f"unused: {ROWS - others} of 40 cells look like Python lists, which "
        "are read as text; write JSON lists (json.dumps) or a|b"
    )


def test_a_target_of_python_lists_says_how_labels_are_written(tmp_path):
    tags = [repr(x) for x in TAGS]
    found = infer(of_delimited(tmp_path, tags), target="x")
    assert "40 of 40 cells look like Python lists" in found.reasons["x"]
    assert "a|b" in found.reasons["x"]


@pytest.mark.parametrize(
    "shape, wanted",
    [
        ((3,), {"dim": 3}),
        ((4, 2), {"dim": 2, "steps": 4}),
    ],
)
def test_arrays_in_a_frame_are_vectors(shape, wanted):
    pandas = pytest.importorskip("pandas")
    cells = [np.full(shape, row, "float32") for row in range(ROWS)]
    frame = pandas.DataFrame({"x": cells, "label": LABELS})
    table = table_of_frame(frame)
    role = role_of(Evidence(table, "x"), table)
    assert (role.kind, role.settings) == ("vector", wanted)
    inputs = modalities({"x": {"type": "vector", "column": "x", **wanted}})
    assert len(read_dataframe(frame, inputs, "label", split={}).train) == ROWS


def test_arrays_of_pixels_in_a_frame_are_no_texts():
    pandas = pytest.importorskip("pandas")
    cells = [np.full((5, 4, 3), row, "uint8") for row in range(ROWS)]
    frame = pandas.DataFrame({"x": cells, "label": LABELS})
    table = table_of_frame(frame)
    role = role_of(Evidence(table, "x"), table)
    assert role.kind == "unused"
    assert "arrays of the shape (5, 4, 3)" in role.reason
    image = {"type": "image", "column": "x", "size": [5, 4]}
    inputs = modalities({"x": image})
    assert len(read_dataframe(frame, inputs, "label", split={}).train) == ROWS


def test_arrays_as_numpy_prints_them_are_vectors(tmp_path):
    cells = [str(np.array([row, 0.5, np.pi])) for row in range(ROWS)]
    path = of_delimited(tmp_path, cells)
    found = infer(path)
    assert found.inputs["x"] == {"type": "vector", "column": "x", "dim": 3}
    assert found.reasons["x"] == (
        "vector: every cell is a printed array of 3 numbers"
    )
    assert can_be_read(path, found)
    found = infer(of_delimited(tmp_path, ["none", *cells[1:]]))
    assert found.inputs["x"] == {"type": "vector", "column": "x", "dim": 3}
    assert "39 of 40 cells are printed arrays" in found.reasons["x"]
    assert found.reasons["x"].endswith("; the others will be faults")


def test_arrays_that_numpy_has_shortened_are_no_input(tmp_path):
    cells = [f"[{row}. 0.5 0.1 ... 0.2 0.3 0.4]" for row in range(ROWS)]
    found = infer(of_delimited(tmp_path, cells))
    assert not found.inputs
    assert (
        "40 of 40 cells are arrays that NumPy shortened" in (found.reasons["x"])
    )
