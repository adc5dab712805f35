"""Data sets of TensorFlow Datasets whose files are damaged."""

import os
import shutil

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.tables import table_of_tfds
from mmfusion.errors import DataError
from tests.data.tables.tiny_pets import ROWS


@pytest.fixture
def copy(pets, tmp_path):
    """A copy that may be damaged, and its version's folder."""
    shutil.copytree(pets / "tiny_pets", tmp_path / "tiny_pets")
    return tmp_path, tmp_path / "tiny_pets/1.0.0"


def shard(folder, split="train"):
    """The second file of a split."""
    first, second = sorted(folder.glob(f"*-{split}.tfrecord-*"))
    return second


@pytest.mark.parametrize(
    "kind", ["cut", "changed", "missing", "fewer", "empty"]
)
def test_fault_12_the_damaged_file_is_named(copy, kind):
    root, folder = copy
    path = shard(folder)
    whole = path.read_bytes()
    lengths = [
        len(record.numpy()) for record in tf.data.TFRecordDataset(str(path))
    ]
    # A record has 12 bytes before it and 4 after.
    ends = np.cumsum(np.array(lengths) + 16)
    if kind == "missing":
        path.unlink()
        what = "this file of the data set is missing"
    else:
        content, what = {
            "cut": (
                whole[: ends[1] - 3],
                f"is damaged at byte {ends[0]}, after 1 records",
            ),
            "changed": (
                whole[: ends[1] + 30] + b"??" + whole[ends[1] + 32 :],
                "after 2 records",
            ),
            "fewer": (whole[: ends[1]], f"has 2 records, not {len(ends)}"),
            "empty": (b"", f"has 0 records, not {len(ends)}"),
        }[kind]
        path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        table_of_tfds("tiny_pets", data_dir=root)
    [line] = caught.value.problems
    assert line.startswith(f"{path}: ") and what in line
    assert "\n" not in line


def test_fault_12_a_damaged_description_is_one_line(copy):
    root, folder = copy
    (folder / "features.json").write_text("{")
    with pytest.raises(
        DataError, match="description of the data set"
    ) as caught:
        table_of_tfds("tiny_pets", data_dir=root)
    assert "\n" not in str(caught.value)


def test_fault_12_records_of_another_data_set(copy):
    root, folder = copy
    with tf.io.TFRecordWriter(os.fspath(shard(folder))) as file:
        for _ in range(ROWS["train"] // 2):
            file.write(b"no example")
    with pytest.raises(DataError, match="cannot be read: ") as caught:
        table_of_tfds("tiny_pets", data_dir=root)
    assert "1.0.0" in caught.value.problems[0]
