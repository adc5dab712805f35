"""Data sets of TensorFlow Datasets as tables."""

import io
import os
import shutil
import time

import numpy as np
import pytest
import soundfile
import tensorflow as tf
import tensorflow_datasets as tfds
from PIL import Image

from mmfusion.data import Audio
from mmfusion.data.tables import table_of_tfds
from mmfusion.errors import ArgumentError, DataError
from tests.helpers import SHARED_DATASETS, needs_dataset

# Files of more rows than are read from one at a time by default, 16.
ROWS = {"train": 40, "valid": 3, "test": 2}


class TinyPets(tfds.core.GeneratorBasedBuilder):
    """A picture, a text, a sound, numbers, and what no column can hold."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        types = tfds.features
        return tfds.core.DatasetInfo(
            builder=self,
            features=types.FeaturesDict(
                {
                    "key": np.int32,
                    "photo": types.Image(shape=(None, None, 3)),
                    "title": types.Text(),
                    "sound": types.Audio(sample_rate=8000),
                    "noise": types.Audio(),
                    "kind": types.ClassLabel(names=["cat", "dog"]),
                    "facts": {"age": np.float32, "good": np.bool_},
                    "tags": types.Sequence(types.Text()),
                    "vector": types.Tensor(shape=(2,), dtype=np.float32),
                    "boxes": types.Sequence({"at": types.BBoxFeature()}),
                }
            ),
        )

    def _split_generators(self, manager):
        return {
            name: self._generate_examples(name, rows)
            for name, rows in ROWS.items()
        }

    def _generate_examples(self, split, rows):
        for row in range(rows):
            yield row, example(split, row)


def example(split, row):
    return {
        "key": row,
        "photo": pixels(row),
        "title": f"Grüße {split} {row}",
        "sound": np.arange(5) * 100 - row,
        "noise": np.arange(5),
        "kind": -1 if split == "test" else row % 2,
        "facts": {"age": row / 2, "good": row > 1},
        "tags": ["tag"] * (row % 3),
        "vector": np.array([row, 0.5], "float32"),
        "boxes": [],
    }


def pixels(row):
    return np.full((3, 4, 3), [row, 10 * row, 255], "uint8")


@pytest.fixture(scope="module")
def pets(tmp_path_factory):
    """The folder that the data set is prepared in; not to be changed."""
    folder = tmp_path_factory.mktemp("tfds")
    builder = TinyPets(data_dir=str(folder))
    builder.download_and_prepare(
        file_format="tfrecord",
        download_config=tfds.download.DownloadConfig(num_shards=2),
    )
    return folder


@pytest.fixture
def copy(pets, tmp_path):
    """A copy that may be damaged, and its version's folder."""
    shutil.copytree(pets / "tiny_pets", tmp_path / "tiny_pets")
    return tmp_path, tmp_path / "tiny_pets/1.0.0"


def test_every_feature_of_one_value_is_a_column(pets):
    table = table_of_tfds("tiny_pets", data_dir=pets)
    assert list(table.columns) == [
        "facts/age",
        "facts/good",
        "key",
        "kind",
        "noise",
        "photo",
        "sound",
        "title",
        "split",
    ]
    assert len(table) == ROWS["train"] + ROWS["test"]
    split, rate = table.notes
    assert "the split 'valid' is left out" in split
    assert "'noise' does not say its sample rate" in rate
    for at in range(len(table)):
        split, row = table.cell(at, "split"), table.cell(at, "key")
        expected = example(split, row)
        assert table.cell(at, "title") == expected["title"]
        assert table.cell(at, "facts/age") == row / 2
        assert table.cell(at, "facts/good") is (row > 1)
        kind = "" if split == "test" else ("cat", "dog")[row % 2]
        assert table.cell(at, "kind") == kind
        with Image.open(io.BytesIO(table.cell(at, "photo"))) as image:
            np.testing.assert_array_equal(np.asarray(image), pixels(row))
        samples, rate = soundfile.read(
            io.BytesIO(table.cell(at, "sound")), dtype="int16"
        )
        np.testing.assert_array_equal(samples, expected["sound"])
        assert rate == 8000
        assert table.cell(at, "noise").dtype == np.int16
        np.testing.assert_array_equal(table.cell(at, "noise"), np.arange(5))
    assert table.split_column == "split"
    assert table.place(0) == ("tiny_pets[train]", 1)
    assert table.place(40) == ("tiny_pets[test]", 1)
    first = table.cell(0, "sound")
    assert Audio(sample_rate=8000, seconds=0.1).read(first).shape == (5,)


def test_columns_and_splits_by_name(pets):
    table = table_of_tfds(
        "tiny_pets:1.0.0",
        {"age": "facts/age", "words": "tags", "v": "vector"},
        data_dir=str(pets),
        splits={"valid": "validation", "train[:50%]": "train"},
    )
    assert table.columns == ("age", "words", "v", "split")
    assert table.column("split") == ["validation"] * 3 + ["train"] * 20
    assert not table.notes
    for age, words, vector, _ in table.rows:
        row = int(2 * age)
        assert words == ["tag"] * (row % 3)
        np.testing.assert_array_equal(vector, [row, 0.5])


def test_rows_are_in_the_order_of_the_files(pets):
    table = table_of_tfds(
        "tiny_pets", {"k": "key"}, pets, splits={"train": "train"}
    )
    files = sorted((pets / "tiny_pets/1.0.0").glob("*-train.tfrecord-*"))
    assert len(files) == 2
    key = {"key": tf.io.FixedLenFeature((), tf.int64)}
    stored = [
        int(tf.io.parse_single_example(record, key)["key"])
        for record in tf.data.TFRecordDataset([str(file) for file in files])
    ]
    assert table.column("k") == stored


def test_the_first_rows_are_those_of_the_whole(pets):
    whole = table_of_tfds("tiny_pets", {"k": "key"}, pets)
    part = table_of_tfds("tiny_pets", {"k": "key"}, pets, max_rows=3)
    train, test = whole.rows[:40], whole.rows[40:]
    assert part.rows == train[:3] + test
    assert "tiny_pets[train]: only the first 3 of 40 rows" in part.notes[-1]
    assert len(part.notes) == 2


@pytest.mark.parametrize(
    "arguments, what",
    [
        ({"columns": {"a": "titel"}}, "Unknown feature 'titel'.*'title'"),
        ({"columns": {"a": "boxes"}}, "'boxes' is a Sequence, which no column"),
        ({"columns": {"split": "key"}}, "'split' is made of"),
        ({"columns": {}}, "`columns` to be a dict"),
        ({"splits": {"vald": "test"}}, "Unknown split 'vald'.*'valid'"),
        ({"splits": {"valid": "tset"}}, "`splits` to be one of"),
        ({"splits": {"train[": "test"}}, "no part of a split"),
        ({"splits": {"train[:0%]": "train"}}, "has no rows in splits"),
        ({"max_rows": 0}, "`max_rows` to be a positive"),
        ({"name": "tiny_pts"}, "Unknown data set 'tiny_pts'.*'tiny_pets'"),
        ({"name": "minst"}, "Unknown data set 'minst'.*'mnist'.*: tiny_pets"),
        ({"name": "../tiny_pets"}, "expects a name"),
        ({"name": None}, "expects a name"),
    ],
)
def test_arguments_are_checked(pets, arguments, what):
    with pytest.raises(ArgumentError, match=what) as caught:
        table_of_tfds(**{"name": "tiny_pets", "data_dir": pets, **arguments})
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "name", ["mnist", "glue/sst2", "tiny_pets:2.0.0", "tiny_pets/small"]
)
def test_what_is_not_prepared_is_told_at_once(pets, name):
    start = time.monotonic()
    with pytest.raises(DataError, match="is not prepared in") as caught:
        table_of_tfds(name, data_dir=pets)
    assert time.monotonic() - start < 60  # Retries would take minutes.
    assert f'tfds.load("{name}"' in str(caught.value)


def test_it_is_prepared_on_demand(tmp_path):
    table = table_of_tfds(
        "tiny_pets", {"k": "key"}, tmp_path, download=True, max_rows=1
    )
    assert len(table) == 2
    with pytest.raises(DataError, match="cannot be downloaded and prepared"):
        table_of_tfds("tiny_pets/none", None, tmp_path, download=True)


def test_a_configuration_is_named_where_there_are_several(pets, tmp_path):
    for config in ("large", "small"):
        shutil.copytree(
            pets / "tiny_pets/1.0.0", tmp_path / "pets" / config / "1.0.0"
        )
    with pytest.raises(ArgumentError, match="pets/large, pets/small"):
        table_of_tfds("pets", data_dir=tmp_path)
    assert table_of_tfds("pets/small", data_dir=tmp_path)
    shutil.rmtree(tmp_path / "pets/large")
    assert table_of_tfds("pets", data_dir=tmp_path)


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


@needs_dataset("spoken_digit", "mnist")
def test_real_data_sets():
    table = table_of_tfds("mnist", data_dir=SHARED_DATASETS, max_rows=3)
    assert table.columns == ("image", "label", "split") and len(table) == 6
    assert table.cell(0, "image").startswith(b"\x89PNG")
    table = table_of_tfds("spoken_digit", data_dir=SHARED_DATASETS, max_rows=2)
    assert table.column("label")[0] == table.cell(0, "audio/filename")[0]
    assert (
        Audio(sample_rate=8000, seconds=1.0).read(table.cell(0, "audio")).size
    )
