import collections

import numpy as np
import pytest

from mmfusion.data.datasets import coco_mini
from mmfusion.errors import ArgumentError, DataError
from tests.data.datasets import folders

SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coco")
    rows = folders.photographs(folder)
    return folder, rows, coco_mini(folder, size=(5, 6), validation=0.34)


def test_splits_share_no_image_and_no_caption(small):
    _, _, data = small
    images = [set(getattr(data, name).groups) for name in SPLITS]
    assert [len(found) for found in images] == [4, 2, 6]
    assert len(set.union(*images)) == 12
    assert all(int(key) % 2 for key in images[2])  # `val` is the test.
    texts = [set(getattr(data, name).raw()["caption"]) for name in SPLITS]
    assert [len(found) for found in texts] == [8, 4, 12]
    assert len(set.union(*texts)) == 24


def test_the_target_says_whose_caption_it_is(small):
    _, _, data = small
    assert data.train.classes["match"] == ["no", "yes"]
    for name in SPLITS:
        split = getattr(data, name)
        shown = split.arrays()[0]["image"].mean(axis=(1, 2, 3))
        for text, image, brightness, match in zip(
            split.raw()["caption"],
            split.groups,
            shown,
            split.targets["match"],
            strict=True,
        ):
            assert match == (text.split(" of ")[1] == image)
            assert abs(brightness - 20 * int(image)) <= 2


def test_neither_half_tells_anything_alone(small):
    """The ceiling of one half, by who knows every row of the split."""
    _, _, data = small
    for name in SPLITS:
        split = getattr(data, name)
        for half in (split.raw()["caption"], split.groups.tolist()):
            seen = collections.defaultdict(list)
            for key, match in zip(half, split.targets["match"], strict=True):
                seen[key].append(match)
            best = sum(max(m.count(0), m.count(1)) for m in seen.values())
            assert best / split.rows == 0.5
        assert split.ceiling == {"caption": 0.5, "image": 0.5}


def test_licences_are_counted_and_noncommercial_images_can_be_left_out(small):
    folder, _, data = small
    assert data.notes == [
        "image: 8 under the Attribution License (http://example.org/True)",
        "image: 4 under the Attribution-NonCommercial License "
        "(http://example.org/False)",
    ]
    free = coco_mini(folder, noncommercial=False, size=(5, 6), validation=0.5)
    kept = {g for name in SPLITS for g in getattr(free, name).groups}
    assert kept == {str(i) for i in range(12) if i % 3}
    assert len(free.notes) == 1


def test_same_seed_same_pairs_and_another_seed_others(small):
    folder, _, data = small
    options = {"size": (5, 6), "validation": 0.34}
    assert coco_mini(folder, **options).test.ids() == data.test.ids()
    assert coco_mini(folder, seed=1, **options).test.ids() != data.test.ids()


def test_captions_of_others_need_two_images(tmp_path):
    folders.photographs(tmp_path, images=3)
    with pytest.raises(DataError, match="has 1 images, and captions of others"):
        coco_mini(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"noncommercial": "no"}, "`noncommercial` to be one of True, False"),
        ({"validation": 1}, "`validation`"),
        ({"size": (0, 4)}, "`size`"),
    ],
)
def test_arguments_that_cannot_be(arguments, message, tmp_path):
    with pytest.raises(ArgumentError, match=message):
        coco_mini(tmp_path, **arguments)


def test_rows_are_as_many_with_as_without(small):
    _, _, data = small
    for name in SPLITS:
        counts = np.bincount(getattr(data, name).targets["match"])
        assert counts[0] == counts[1]
