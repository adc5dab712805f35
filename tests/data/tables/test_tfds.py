"""Data sets of TensorFlow Datasets as tables."""

import io
import os
import shutil
import time

import numpy as np
import pytest
import soundfile
import tensorflow as tf
import yaml
from PIL import Image

from mmfusion import recipe
from mmfusion.data import Audio, tables
from mmfusion.data.tables import table_of_tfds
from mmfusion.errors import ArgumentError, DataError
from tests.data.tables.tiny_pets import ROWS, example, pixels
from tests.helpers import SHARED_DATASETS, needs_dataset


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
    assert "the split 'extra' is left out" in split
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
        splits={"extra": "validation", "train[:50%]": "train"},
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
        ({"splits": {"extr": "test"}}, "Unknown split 'extr'.*'extra'"),
        ({"splits": {"extra": "tset"}}, "`splits` to be one of"),
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


def test_a_recipe_names_a_data_set_as_its_source(pets, tmp_path):
    plain = {
        "data": {
            "source": {
                "tfds": "tiny_pets",
                "data_dir": os.path.relpath(pets, tmp_path),
                "splits": {"train": "train", "extra": "validation"},
                "columns": {"photo": "photo", "kind": "kind"},
            },
            "target": "kind",
        },
        "inputs": {
            "photo": {"type": "image", "column": "photo", "size": [8, 8]}
        },
        "training": {"epochs": 1, "baselines": False},
    }
    (tmp_path / "pets.yaml").write_text(yaml.safe_dump(plain))
    plan = recipe.load(tmp_path / "pets.yaml")
    checkup = plan.check()
    assert checkup.splits == {"train": 40, "validation": 3}
    assert not checkup.problems
    data = plan.read()
    assert len(data.train) == 40 and len(data.validation) == 3
    whole = plan.resolved["data"]["source"]
    assert whole["data_dir"] == str(pets)
    moved = shutil.copytree(pets, tmp_path / "moved")
    before = tables.fingerprint(whole)
    assert before == tables.fingerprint({**whole, "data_dir": moved})
    assert before != tables.fingerprint({**whole, "max_rows": 3})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"tfds": 3}, "expects the name of a data set"),
        ({"tfds": "tiny_pets", "colums": {}}, "Did you mean 'columns'"),
    ],
)
def test_a_source_that_names_no_data_set_is_refused(source, message):
    with pytest.raises(ArgumentError, match=message):
        tables.read_table(source)
