"""A cache in a folder of class folders is refused before anything is read."""

import pytest

from mmfusion.data.read import read
from mmfusion.errors import ArgumentError
from tests.data.tiny import Digits


@pytest.fixture
def source(tmp_path):
    for first, label in ((10, "cat"), (20, "dog")):
        (tmp_path / "pets" / label).mkdir(parents=True)
        for row in range(10):
            path = tmp_path / "pets" / label / f"{row}.txt"
            path.write_text(str(row + first))
    return tmp_path / "pets"


class Stored(Digits):
    """Digits that a cache can keep."""

    def arguments(self):
        return {"column": self.columns[0], "optional": self.optional}


def read_with(source, cache):
    return read(source, {"digits": Stored("file")}, "label", cache=cache)


@pytest.mark.parametrize("inside", ["cache", "", "cat/cache", "../pets/cache"])
@pytest.mark.parametrize("exists", [False, True])
def test_it_is_refused_in_one_line(source, inside, exists):
    if exists:
        (source / inside).mkdir(exist_ok=True)
    for given in (source, {"train": source}):
        with pytest.raises(ArgumentError, match="`cache` expects") as caught:
            read_with(given, source / inside)
        assert len(str(caught.value).splitlines()) == 1
    assert exists or inside == "" or not (source / inside).exists()


@pytest.mark.parametrize("apart", ["../cache", ".cache", "../pets_cache"])
def test_beside_it_and_hidden_in_it_it_is_kept(source, apart):
    for _ in range(2):
        assert len(read_with(source, source / apart).splits) == 20
