import importlib

import numpy as np
import pytest

from mmfusion.data.datasets import hints
from mmfusion.errors import ArgumentError, DataError
from tests.helpers import SHARED_DATASETS, needs_dataset

# In the package the name stands for the function.
module = importlib.import_module("mmfusion.data.datasets.cifar10_captions")
ROWS = {"train": 60, "validation": 20, "test": 30}


def _pools(train=100, test=60):
    """Images of one grey each, whose labels go round."""
    return {
        part: (
            np.arange(count, dtype="uint8")[:, None, None, None]
            * np.ones((1, 2, 2, 3), "uint8"),
            np.arange(count) % 10,
            [f"{part}_{i:05d}" for i in range(count)],
        )
        for part, count in (("train", train), ("test", test))
    }


def test_splits_share_no_image_and_labels_are_those_of_the_images():
    pools = _pools()
    made = module.captioned(0.3, ROWS, 0, pools)
    assert len(set(made["id"])) == sum(ROWS.values())
    for name, count in ROWS.items():
        at = np.flatnonzero(made["split"] == name)
        assert set(np.bincount(made["label"][at])) == {count // 10}
        part = "test" if name == "test" else "train"
        assert all(made["id"][i].startswith(part) for i in at)
    for key, label, image in zip(
        made["id"], made["label"], made["image"], strict=True
    ):
        part, number = key.split("_")
        assert pools[part][1][int(number)] == label
        assert (image == int(number)).all()


def test_captions_depend_on_class_and_seed_and_not_on_the_images():
    one = module.captioned(0.3, ROWS, 0, _pools())
    again = module.captioned(0.3, ROWS, 0, _pools())
    assert (one["text"], one["id"]) == (again["text"], again["id"])
    # Other images, the same classes: the same captions.
    others = _pools(train=120, test=90)
    assert module.captioned(0.3, ROWS, 0, others)["text"] == one["text"]
    assert module.captioned(0.3, ROWS, 1, _pools())["text"] != one["text"]


@pytest.mark.parametrize("ambiguous", [0.0, 0.3, 1.0])
def test_the_ceiling_of_a_split_is_that_of_its_captions(ambiguous):
    rows = {"train": 6000, "validation": 20, "test": 30}
    pools = _pools()
    pools["train"] = tuple(
        np.concatenate([x] * 70) if isinstance(x, np.ndarray) else x * 70
        for x in pools["train"]
    )
    bounds = module.captioned(ambiguous, rows, 0, pools)["ceilings"]
    expected = pytest.approx(hints.ceiling(ambiguous), abs=0.002)
    assert bounds["train"] == {"text": expected}
    assert list(bounds["test"]) == ["text"]  # None for images, none for both.


def test_more_rows_than_images_are_refused():
    with pytest.raises(ArgumentError, match="images left. Ask for fewer"):
        module.captioned(0.3, {**ROWS, "train": 90}, 0, _pools())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ambiguous": 1.5}, "`ambiguous` to be between 0 and 1"),
        ({"rows": {"tset": 5}}, "'tset'. Did you mean 'test'"),
        ({"rows": {"test": 0}}, "`test` to be a positive"),
        ({"size": 32}, "`size` to be 2 whole numbers"),
        ({"seed": -1}, "`seed`"),
    ],
)
def test_arguments_that_cannot_be(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        module.cifar10_captions(**arguments)


def test_a_missing_data_set_is_said_at_once(tmp_path):
    with pytest.raises(DataError, match="cifar10: no prepared data set"):
        module.cifar10_captions(tmp_path)


@pytest.mark.slow
@needs_dataset("cifar10")
def test_the_real_data_set():
    rows = {"train": 400, "validation": 100, "test": 200}
    data = module.cifar10_captions(SHARED_DATASETS, rows=rows)
    assert {n: getattr(data, n).rows for n in rows} == rows
    assert data.train.classes["label"] == list(hints.NAMES)
    assert data.notes == [
        "text: 30% of the captions name a kind of thing only; from captions "
        "alone an accuracy of 0.8050 is expected at most"
    ]
    assert data.test.ceiling["text"] == pytest.approx(0.805, abs=0.02)
    (image,) = data.test.arrays([0])[0]["image"]
    assert image.shape == (32, 32, 3)
