"""Which modality reads a file, by what its name ends in."""

import pytest

from mmfusion.data.inference.kinds import kind_of


@pytest.mark.parametrize(
    "kind, endings",
    {
        "image": "jpg jpeg png gif bmp tif webp",
        "audio": "wav flac ogg mp3",
        "video": "mp4 mkv webm avi mov mpg ts",
        "vector": "npy npz",
    }.items(),
)
def test_each_ending_is_that_of_its_modality(kind, endings):
    for ending in endings.split():
        names = [f"a.{ending}", f"folder/b.{ending.upper()}"]
        assert kind_of(names) == (kind, 2, [f".{ending}"])
