import warnings

import numpy as np
import pytest

from mmfusion.data.datasets import vqa_rad
from mmfusion.errors import ArgumentError
from tests.data.datasets import folders

SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vqa")
    return folder, folders.questions(folder)


@pytest.fixture(scope="module")
def closed(small):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        data = vqa_rad(small[0], size=(5, 6), validation=0.2)
    assert not said  # Shared images are in the notes.
    return data


def _parts(data):
    return {name: getattr(data, name) for name in SPLITS}


def test_closed_questions_are_those_answered_yes_or_no(small, closed):
    rows = {row["qid"]: row for row in small[1]}
    assert closed.train.classes["answer"] == ["no", "yes"]
    found = 0
    for name, split in _parts(closed).items():
        for key, answer in zip(
            split.ids(), split.targets["answer"], strict=True
        ):
            row = rows[key]
            said = row["answer"].strip().lower()
            assert said == ["no", "yes"][answer]
            assert row["answer_type"] == "CLOSED"
            assert (row["split"] == "test") == (name == "test")
            found += 1
    assert found == 20
    assert closed.notes[0] == (
        "20 of 40 questions are answered yes or no; 10 open ones and 10 "
        "closed ones between other answers are left out"
    )


def test_images_are_those_of_the_questions(small, closed):
    rows = {row["qid"]: row for row in small[1]}
    arrays, _ = closed.test.arrays()
    assert arrays["image"].shape[1:] == (5, 6, 3)
    for key, image in zip(closed.test.ids(), arrays["image"], strict=True):
        number = int(rows[key]["image"].split("synpic")[1].split(".")[0])
        assert np.abs(image - 20 * number).max() <= 2


def test_shared_images_are_said_and_are_units_of_their_side(closed):
    units = {n: set(split.groups) for n, split in _parts(closed).items()}
    images = {n: {g.split(":")[1] for g in found} for n, found in units.items()}
    shared = images["test"] & (images["train"] | images["validation"])
    assert shared and not units["test"] & units["train"]
    assert closed.notes[1].startswith(f"{len(shared)} of {len(images['test'])}")
    assert closed.test.unit == "image"


def test_new_images_by_image(small):
    data = vqa_rad(small[0], by="image", size=(5, 6))
    images = [set(split.groups) for split in _parts(data).values()]
    assert [len(found) for found in images] == [7, 1, 2]
    assert len(set.union(*images)) == 10
    assert len(data.notes) == 1


def test_the_most_frequent_answers_of_training(small):
    data = vqa_rad(small[0], answers=4, size=(5, 6))
    rows = [row for row in small[1] if row["split"] == "train"]
    # Of "axial" and "left lung" the more frequent one in training is in.
    assert len(data.train.classes["answer"]) == 4
    assert {"ct", "no", "yes"} < set(data.train.classes["answer"])
    assert sum(split.rows for split in _parts(data).values()) == 35
    assert data.notes[0].startswith("35 of 40 questions have one of the 4 most")
    assert len(rows) == 30


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"answers": "open"}, "`answers` to be a positive"),
        ({"answers": 1}, "`answers` to be between 2"),
        ({"by": "organ"}, "'official', 'image'"),
        ({"size": 9}, "`size`"),
        ({"validation": 0}, "`validation`"),
    ],
)
def test_arguments_that_cannot_be(arguments, message, tmp_path):
    with pytest.raises(ArgumentError, match=message):
        vqa_rad(tmp_path, **arguments)
