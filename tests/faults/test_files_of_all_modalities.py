"""One table of what may be wrong with a file, for all modalities of files.

Of each modality one table is read that has all faults, each between rows that
are as they should be: as an error, masked, and for a prediction.
"""

import copy
import functools
import os
import re

import numpy as np
import pytest

from mmfusion.data.read import read
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.errors import DataError
from tests.faults.spoiled import FAULTS, MODALITIES, Place

# They share what is read, and the processes that decode.
pytestmark = pytest.mark.xdist_group("video")


class Reading:
    """What became of a table with a row for each fault, and good ones.

    The last row names a good file by the suffix of another kind.
    """

    def __init__(self, name, folder):
        suffix, good, _ = MODALITIES[name]
        place = Place(folder, suffix, good())
        self.several = name in ("photos", "sounds")
        cells = [f"good{suffix}"]
        for make, _, _ in FAULTS.values():
            cell = make(place)
            cell = f"good{suffix}|{cell}" if self.several else cell
            cells += [cell, f"good{suffix}"]
        (place.root / "good.txt").write_bytes(place.good)
        cells.append("good.txt")
        self.rows = len(cells)
        breaks = np.cumsum([0, *(cell.count("\n") for cell in cells)])
        self.lines = [2 + row + int(breaks[row]) for row in range(self.rows)]
        self.path = table(place.root, cells)
        inputs = {"thing": of(name, optional=True)}
        with pytest.raises(DataError) as caught:
            read(self.path, inputs, "label", split={})
        self.problems = caught.value.problems
        data = read(self.path, inputs, "label", split={}, bad_rows="mask")
        self.masked, self.train = data.masked, data.train
        self.asked = read_unlabelled(self.path, inputs)


def of(name, **changes):
    """The modality object of a name; its graph is made once for all."""
    modality = copy.copy(MODALITIES[name][-1])
    for key, value in {"columns": ("file",), **changes}.items():
        setattr(modality, key, value)
    return modality


def table(folder, cells, splits=None):
    """A CSV file of cells, with two classes in turn."""
    path = folder / "table.csv"
    lines = ["file,label,split"]
    for row, cell in enumerate(cells):
        split = splits[row] if splits else "train"
        lines.append(f'"{cell}",{"ab"[row % 2]},{split}')
    path.write_bytes("\n".join(lines).encode())
    return path


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    return functools.cache(
        lambda name: Reading(name, tmp_path_factory.mktemp(name))
    )


every_modality = pytest.mark.parametrize("name", MODALITIES)
every_fault = pytest.mark.parametrize(
    "fault", FAULTS, ids=[f"fault-{fault}" for fault in FAULTS]
)


def row_of(found, fault):
    """Its row; a test of what this system has not is skipped."""
    root = found.path.parent
    if fault == "09-unreadable" and os.access(
        next(root.glob("secret*")), os.R_OK
    ):
        pytest.skip("whoever runs the tests may read everything")
    if fault == "09-other-case" and any(
        map(os.path.exists, root.glob("GOOD*"))
    ):
        pytest.skip("the file system makes no difference of it")
    return 1 + 2 * list(FAULTS).index(fault)


@every_modality
@every_fault
def test_a_fault_is_one_clear_line(name, fault, reading):
    found = reading(name)
    row = row_of(found, fault)
    start = f"{found.path}:{found.lines[row]}:file: "
    for lines in (found.problems, found.masked):
        (line,) = (line for line in lines if line.startswith(start))
        assert re.search(FAULTS[fault][1], line) and "; " in line
        assert line.isprintable()  # Not two lines, and no colours.
        assert ("value 2: " in line) == found.several


@every_modality
@every_fault
def test_a_row_at_fault_keeps_its_place(name, fault, reading):
    found = reading(name)
    row = row_of(found, fault)
    assert found.train.ids() == found.asked.ids()
    assert found.asked.ids() == [str(at) for at in range(found.rows)]
    for split in (found.train, found.asked):
        x, _ = split.arrays([row - 1, row, row + 1])
        assert x["thing_present"].tolist() == [True, False, True]
        good, bad, other = x["thing"]
        np.testing.assert_array_equal(good, other)
        assert good.any() and not bad.any()
    reason = "value 2: " * found.several + FAULTS[fault][2]
    assert found.asked.status[row - 1 : row + 2] == [
        "ok",
        f"thing: {reason}",
        "ok",
    ]
    assert re.search(FAULTS[fault][1], found.asked.errors[row])
    assert found.asked.errors[row].isprintable()


@every_modality
def test_fault_09_no_path_is_a_missing_value(name, tmp_path):
    suffix, good, _ = MODALITIES[name]
    place = Place(tmp_path, suffix, good())
    path = table(place.root, [f"good{suffix}", " "])
    inputs = {"thing": of(name, optional=False)}
    with pytest.raises(DataError) as caught:
        read(path, inputs, "label", split={})
    (line,) = caught.value.problems
    assert line.startswith(f"{path}:3:file: has no value; fill it in, or make")
    assert read_unlabelled(path, inputs).status == ["ok", "thing: missing"]


@every_modality
def test_fault_17_the_content_counts_where_the_suffix_is_another(name, reading):
    asked, last = reading(name).asked, reading(name).rows - 1
    if name in ("npy", "npz"):  # A path may go on with `#`, so it must end so.
        assert asked.status[last] == "thing: unsupported format"
        assert "is no .npy or .npz file; name one" in asked.errors[last]
        return
    assert asked.status[last] == "ok"
    x = asked.arrays([0, last])[0]["thing"]
    np.testing.assert_array_equal(x[0], x[1])


@every_modality
def test_fault_07_a_file_of_training_and_test_is_told(name, tmp_path):
    suffix, good, _ = MODALITIES[name]
    place = Place(tmp_path, suffix, good())
    place.file("other", place.good)
    cells = [f"good{suffix}", f"other{suffix}", f"./good{suffix}"]
    path = table(place.root, cells, ["train", "train", "test"])
    with pytest.warns(UserWarning, match=r"row 2 \(train\) and row 4 \(test\)"):
        read(path, {"thing": of(name)}, "label", split={"column": "split"})


def test_fault_07_rows_of_one_array_are_no_copies(tmp_path):
    np.save(tmp_path / "all.npy", np.eye(3))
    cells = ["all.npy#0", "all.npy#1", "all.npy#2"]
    path = table(tmp_path, cells, ["train", "train", "test"])
    inputs = {"thing": of("npy")}
    read(path, inputs, "label", split={"column": "split"})  # Warns of nothing.
    path = table(tmp_path, [*cells, "all.npy#1"], ["train"] * 3 + ["test"])
    with pytest.warns(UserWarning, match=r"row 3 \(train\) and row 5 \(test\)"):
        read(path, inputs, "label", split={"column": "split"})
