import time

import pytest

from mmfusion.data.datasets import prepared
from mmfusion.errors import DataError
from tests.helpers import SHARED_DATASETS, needs_dataset


def test_a_missing_data_set_is_an_error_at_once(tmp_path):
    start = time.monotonic()
    with pytest.raises(DataError, match="tfds.load") as caught:
        prepared.check_prepared(["mnist", "spoken_digit"], tmp_path)
    assert time.monotonic() - start < 1
    assert [str(tmp_path / "mnist") in p for p in caught.value.problems] == [
        True,
        False,
    ]
    with pytest.raises(DataError, match="no prepared data set"):
        prepared.load("mnist", "train", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_half_prepared_data_set_is_an_error(tmp_path):
    folder = tmp_path / "mnist/3.0.1"
    folder.mkdir(parents=True)
    with pytest.raises(DataError, match="no prepared data set"):
        prepared.check_prepared(["mnist"], tmp_path)
    (folder / "dataset_info.json").write_text("{}")
    with pytest.raises(DataError, match="3.0.1 lacks its records"):
        prepared.check_prepared(["mnist"], tmp_path)


def test_the_place_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "here"))
    with pytest.raises(DataError, match="here/mnist"):
        prepared.check_prepared(["mnist"])
    monkeypatch.delenv("TFDS_DATA_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(DataError, match="tensorflow_datasets/mnist"):
        prepared.check_prepared(["mnist"])


@needs_dataset("spoken_digit")
def test_reads_what_is_prepared():
    example = next(
        prepared.load("spoken_digit", "train", SHARED_DATASETS)
        .take(1)
        .as_numpy_iterator()
    )
    assert set(example) == {"audio", "audio/filename", "label"}
