"""Vectors in files of NumPy: which array is meant, and what is refused."""

import io
import zipfile

import numpy as np
import pytest

from mmfusion import data
from mmfusion.data import BadValue, Vector
from mmfusion.errors import DataError


@pytest.fixture
def folder(tmp_path):
    table = np.arange(12, dtype="float64").reshape(4, 3)
    np.save(tmp_path / "one.npy", table[1])
    np.save(tmp_path / "table.npy", table)
    np.save(tmp_path / "fortran.npy", np.asfortranarray(table))
    np.savez(tmp_path / "one.npz", table[2])
    np.savez_compressed(tmp_path / "two.npz", a=table[0], b=table[3])
    return tmp_path


def test_a_cell_names_an_array(folder):
    vector = Vector(dim=3, files=True)
    for name, expected in {
        "one.npy": [3, 4, 5],
        "table.npy#2": [6, 7, 8],
        "fortran.npy#3": [9, 10, 11],
        "one.npz": [6, 7, 8],
        "two.npz#b": [9, 10, 11],
    }.items():
        read = vector.read(str(folder / name))
        assert read.dtype == "float32" and read.tolist() == expected
    (folder / "a#b").mkdir()
    np.save(folder / "a#b" / "c.npy", np.ones(3))
    assert vector.read(folder / "a#b" / "c.npy").tolist() == [1, 1, 1]


def test_a_row_of_a_table_is_read_alone(folder):
    # The cap is on what is loaded; the file is larger.
    vector = Vector(dim=3, files=True, max_bytes=24)
    assert vector.read(f"{folder}/table.npy#0").tolist() == [0, 1, 2]
    with pytest.raises(BadValue, match="96 bytes, more than `max_bytes=24`"):
        vector.read(f"{folder}/table.npy")


def test_a_table_of_cells_names_rows(folder):
    rows = ["features.npy#1", "features.npy#0", "one.npy", "two.npz#a"]
    np.save(folder / "features.npy", np.eye(2, 3, dtype="float32"))
    lines = ["v,label", *(f"{r},{'ab'[i % 2]}" for i, r in enumerate(rows))]
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    inputs = {"v": Vector("v", files=True)}
    read = data.read_csv(folder / "t.csv", inputs, "label", split={})
    assert read.train.columns["v"].values.tolist() == [
        [0, 1, 0], [1, 0, 0], [3, 4, 5], [0, 1, 2]
    ]  # fmt: skip
    np.testing.assert_array_equal(read.train.raw()["v"][2], [3, 4, 5])
    (folder / "t.csv").write_text("v,label\n../x.npy#1,a\none.npy#9,b\n")
    with pytest.raises(DataError) as caught:
        data.read_csv(folder / "t.csv", inputs, "label", split={})
    first, second = caught.value.problems
    assert "t.csv:2:v: '../x.npy' leads out" in first
    assert "t.csv:3:v: " in second and "has the shape (3,) and no row" in second


def test_without_files_a_cell_is_numbers(folder):
    with pytest.raises(BadValue, match="expects a vector of numbers"):
        Vector(dim=3).read(str(folder / "one.npy"))
    with pytest.raises(BadValue, match="is no .npy or .npz file"):
        Vector(dim=3, files=True).read("1 2 3")


def test_fault_84_python_objects_are_refused(folder):
    things = np.array([{"a": 1}, 2, 3], dtype=object)
    np.save(folder / "o.npy", things, allow_pickle=True)
    np.savez(folder / "o.npz", x=things)
    for name in ("o.npy", "o.npy#0", "o.npz", "o.npz#x"):
        with pytest.raises(BadValue, match="Python objects") as caught:
            Vector(files=True).read(f"{folder}/{name}")
        assert caught.value.reason == "unsupported format"


@pytest.mark.parametrize(
    "name, message",
    [
        ("none.npy", "does not exist"),
        ("empty.npy", "holds zero bytes"),
        ("text.npy", "is damaged, or no file of NumPy"),
        ("text.npz", "is damaged, or no file of NumPy"),
        ("cut.npy", "is damaged, or no file of NumPy"),
        ("cut.npy#3", "is damaged, or no file of NumPy"),
        ("words.npy", "holds <U3, no numbers"),
        ("fields.npy", "no numbers|has fields"),
        ("table.npy#4", r"shape \(4, 3\) and no row '4', counted from 0"),
        ("table.npy#-1", "no row '-1'"),
        ("table.npy#", "no row ''"),
        ("table.npy", r"expects a vector of 3 numbers.*shape \(4, 3\)"),
        ("two.npz", r"holds 2 arrays: \['a', 'b'\]; name one behind `#`"),
        ("two.npz#c", r"\['a', 'b'\], and no 'c'"),
        ("nan.npy", "NaN or infinite at place 1"),
        ("lie.npz", "400000000 bytes, more than"),
        ("wide.npy", "has fields"),
    ],
)
def test_what_cannot_be_read_is_said_so(folder, name, message):
    (folder / "empty.npy").touch()
    for suffix in ("npy", "npz"):
        (folder / f"text.{suffix}").write_text("1 2 3")
    whole = (folder / "table.npy").read_bytes()
    (folder / "cut.npy").write_bytes(whole[:-8])
    np.save(folder / "words.npy", np.array(["red", "a", "b"]))
    np.save(folder / "fields.npy", np.zeros(3, [("a", "f4"), ("b", "i4")]))
    np.save(folder / "nan.npy", [0, np.nan, 1])
    # A header of a gigabyte, of which nothing is read.
    (folder / "wide.npy").write_bytes(b"\x93NUMPY\x02\0\0\0\0\x40" + bytes(99))
    with zipfile.ZipFile(folder / "lie.npz", "w") as archive:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header,
            {"descr": "<f4", "fortran_order": False, "shape": (10**8,)},
        )
        archive.writestr("x.npy", header.getvalue())
    with pytest.raises(BadValue, match=message):
        Vector(dim=3, files=True).read(f"{folder}/{name}")


def test_sequences_come_from_files_as_well(folder):
    vectors = Vector(files=True, steps=5)
    read = vectors.read(folder / "table.npy")
    vectors.adapt([read])
    assert vectors.transform(read).numpy()[3:].tolist() == [
        [9, 10, 11],
        [0] * 3,
    ]
    assert vectors.mask(read).numpy().tolist() == [True] * 4 + [False]
    with pytest.raises(BadValue, match="expects 1 to 2 vectors of one or more"):
        Vector(files=True, steps=2).read(folder / "table.npy")


def test_all_steps_teach_the_statistics():
    vectors = Vector(steps=4, standardize=True)
    values = [[[1, 5]], "[[3, 5], [8, 5]]"]
    vectors.adapt([vectors.read(value) for value in values])
    made = vectors.transform(vectors.read(values[1])).numpy()
    column = np.array([1, 3, 8.0])
    expected = (column[1:] - column.mean()) / column.std()
    np.testing.assert_allclose(made[:2, 0], expected, rtol=1e-6)
    assert not made[:, 1].any() and not made[2:].any()
