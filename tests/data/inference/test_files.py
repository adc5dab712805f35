"""What columns of files are: by name, by their bytes, or several in a cell."""

import io
import json

import numpy as np
import pytest
import soundfile
from PIL import Image as Picture

from mmfusion.data.inference import infer
from mmfusion.data.read import read
from mmfusion.recipe.resolve import modalities

ROWS = 40
LABELS = [["bag", "hat"][row % 2] for row in range(ROWS)]


def png(row):
    """The bytes of a picture of 20 x 30 pixels."""
    pixels = np.random.default_rng(row).integers(0, 255, (20, 30, 3), "uint8")
    file = io.BytesIO()
    Picture.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def wav(row):
    """The bytes of half a second of silence."""
    file = io.BytesIO()
    soundfile.write(file, np.zeros(4000), 8000, format="WAV")
    return file.getvalue()


@pytest.fixture
def photos(tmp_path):
    """A folder of pictures, called by numbers."""
    for row in range(ROWS):
        (tmp_path / f"{row}.png").write_bytes(png(row))
    return tmp_path


def of_lines(folder, cells, column="x"):
    """A file of JSON lines, of cells and labels."""
    rows = zip(cells, LABELS, strict=True)
    lines = [json.dumps({column: x, "label": label}) for x, label in rows]
    path = folder / "t.jsonl"
    path.write_text("\n".join(lines))
    return path


def of_parquet(folder, cells):
    """A Parquet file, with files as Hugging Face stores them."""
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = folder / "t.parquet"
    table = arrow.table({"x": list(cells), "label": LABELS})
    parquet.write_table(table, path)
    return path


def can_be_read(path, found):
    """Whether each row can be, by what was inferred."""
    data = read(path, modalities(found.inputs), "label", {})
    return len(data.train) == ROWS


def test_texts_that_end_like_a_sound_are_texts(tmp_path):
    cells = [["plateau", "bureau"], ["tableau"]] * (ROWS // 2)
    found = infer(of_lines(tmp_path, cells))
    assert found.inputs["x"]["of"] == {"type": "text"}
    assert "each value is of the type text" in found.reasons["x"]


def test_a_list_of_pictures_has_their_size(photos):
    cells = [[f"{row}.png", "0.png"][: 1 + row % 2] for row in range(ROWS)]
    path = of_lines(photos, cells)
    found = infer(path)
    assert found.inputs["x"] == {
        "type": "several",
        "column": "x",
        "most": 2,
        "of": {"type": "image", "size": [20, 30]},
    }
    assert found.reasons["x"] == (
        "several: every cell is a list, of 2 at most; each value is of the "
        "type image; the first are PNG of 20 x 30 pixels at the median"
    )
    assert can_be_read(path, found)


def test_clips_in_a_list_have_no_modality(tmp_path):
    found = infer(of_lines(tmp_path, [["a.mp4", "b.mp4"]] * ROWS))
    assert not found.inputs and "several clips" in found.reasons["x"]


@pytest.mark.parametrize("separator", ["|", ";", " | ", "; "])
def test_names_with_a_separator_are_several(photos, separator):
    cells = [
        separator.join([f"{row}.png", "0.png"][: 1 + (row % 3 > 0)])
        for row in range(ROWS)
    ]
    path = of_lines(photos, cells)
    found = infer(path)
    assert found.inputs["x"] == {
        "type": "several",
        "column": "x",
        "most": 2,
        "separator": separator,
        "of": {"type": "image", "size": [20, 30]},
    }
    assert f"26 of 40 cells are split by {separator!r}" in found.reasons["x"]
    assert can_be_read(path, found)


def test_a_separator_in_few_cells_or_in_texts_makes_no_several(photos):
    cells = [f"{row}.png" for row in range(ROWS - 1)]
    found = infer(of_lines(photos, [*cells, "0.png|1.png"]))
    assert found.inputs["x"]["type"] == "image"
    cells = [f"a good; shoe | for {row} days" for row in range(ROWS)]
    assert infer(of_lines(photos, cells)).inputs["x"]["type"] == "text"


@pytest.mark.parametrize("name", ["v.npy#{}", "v.npz#k{}"])
def test_a_row_or_key_of_an_array_is_a_vector_in_a_file(tmp_path, name):
    np.save(tmp_path / "v.npy", np.ones((ROWS, 3), "float32"))
    arrays = {f"k{row}": np.ones(3, "float32") for row in range(ROWS)}
    np.savez(tmp_path / "v.npz", **arrays)
    cells = [name.format(row) for row in range(ROWS)]
    path = of_lines(tmp_path, cells)
    found = infer(path)
    wanted = {"type": "vector", "column": "x", "files": True}
    assert found.inputs["x"] == wanted
    assert "none of the first" not in found.reasons["x"]
    assert can_be_read(path, found)
    for file in ("v.npy", "v.npz"):
        (tmp_path / file).unlink()
    found = infer(path)
    assert found.inputs["x"] == wanted
    assert "none of the first ones was found" in found.reasons["x"]


@pytest.mark.parametrize(
    "file, settings",
    [
        (png, {"type": "image", "size": [20, 30]}),
        (wav, {"type": "audio", "sample_rate": 8000, "seconds": 0.5}),
    ],
)
def test_bytes_are_what_they_begin_with(tmp_path, file, settings):
    cells = [{"bytes": file(row), "path": f"{row}"} for row in range(ROWS)]
    path = of_parquet(tmp_path, cells)
    found = infer(path)
    assert found.inputs["x"] == settings | {"column": "x"}
    assert "40 of 40 cells are files in bytes; " in found.reasons["x"]
    assert can_be_read(path, found)
    path = of_parquet(tmp_path, [[cell, cell] for cell in cells])
    found = infer(path)
    assert found.inputs["x"]["of"] == settings
    assert can_be_read(path, found)


def test_bytes_may_be_a_text_or_nothing_that_is_known(tmp_path):
    texts = [f"a good shoe for {row} days out" for row in range(ROWS)]
    path = of_parquet(tmp_path, [text.encode() for text in texts])
    found = infer(path)
    assert found.inputs["x"]["type"] == "text"
    assert can_be_read(path, found)
    found = infer(of_parquet(tmp_path, [b"%PDF-1", b"\x00\x01"] * (ROWS // 2)))
    assert not found.inputs
    assert found.reasons["x"] == "unused: it holds bytes: PDF, unknown data"
