"""A whole data set from a cache is the one from memory."""

import numpy as np
import pytest

from mmfusion import data
from mmfusion.data import Audio, Image, Several, Tabular, Text, Vector
from mmfusion.errors import DataError
from tests.data.cases import file_of, picture


@pytest.fixture
def things(tmp_path):
    """A table of every kind of modality, and what reads it."""
    random = np.random.default_rng(0)
    rows = ["photo,sound,more,vector,title,price,label"]
    for row in range(12):
        for name, width in ((f"{row}.png", 9), (f"{row}+.png", 7)):
            pixels = picture(8 + row, width)
            (tmp_path / name).write_bytes(file_of(pixels, "PNG"))
        np.save(tmp_path / f"{row}.npy", random.normal(size=3))
        sound = Audio(sample_rate=8000).encode(random.uniform(-1, 1, 900))
        (tmp_path / f"{row}.wav").write_bytes(sound)
        more = f"{row}.png|{row}+.png" if row % 3 else ""
        rows.append(
            f"{row}.png,{row}.wav,{more},{row}.npy,word{row % 4} thing,"
            f"{row},{'ab'[row % 2]}"
        )
    (tmp_path / "t.csv").write_text("\n".join(rows))

    def inputs():
        return {
            "photo": Image("photo", size=(4, 4)),
            "sound": Audio("sound", sample_rate=8000, seconds=0.1),
            "more": Several(
                Image(size=(4, 4)),
                "more",
                most=2,
                separator="|",
                optional=True,
            ),
            "vector": Vector("vector", dim=3, files=True),
            "title": Text("title", length=3),
            "price": Tabular(numbers=["price"]),
        }

    return tmp_path, inputs


def test_batches_from_the_disk_are_those_from_memory(things):
    """First written, then read: three times the same."""
    folder, inputs = things
    given = []
    for cache in (None, folder / "cache", folder / "cache"):
        read = data.read(folder / "t.csv", inputs(), "label", cache=cache)
        given.append(list(read.train.batches(4).as_numpy_iterator()))
        given[-1] += [read.test.arrays()]
    for other in given[1:]:
        for (x, y), (x2, y2) in zip(given[0], other, strict=True):
            assert x.keys() == x2.keys() and "more_mask" in x
            for name in x:
                assert x[name].dtype == x2[name].dtype
                np.testing.assert_array_equal(x[name], x2[name])
            np.testing.assert_array_equal(y["label"], y2["label"])


def test_several_values_keep_their_masks_where_one_file_has_changed(things):
    folder, inputs = things

    def more(cache):
        chosen = {"more": inputs()["more"]}
        read = data.read(folder / "t.csv", chosen, "label", cache=cache)
        return read.train.arrays()[0]

    more(folder / "cache")
    for row in (4, 5):
        changed = file_of(picture(5, row), "PNG")
        (folder / f"{row}.png").write_bytes(changed)
    now, expected = more(folder / "cache"), more(None)
    assert expected["more_mask"].any() and not expected["more_mask"].all()
    for name in expected:
        np.testing.assert_array_equal(now[name], expected[name])


def test_nothing_that_learns_stays_in_the_folder(things):
    folder, inputs = things
    read = data.read(folder / "t.csv", inputs(), "label", cache=folder / "c")
    kinds = sorted(
        path.name.partition("-")[0] for path in (folder / "c").iterdir()
    )
    learning = [name for name, m in read.inputs.items() if m.adaptive]
    assert "title" in learning and "text" not in kinds
    assert {"image", "audio", "several"} <= set(kinds)
    # On the disk, in a file without a name.
    assert isinstance(read.train.columns["title"].values, np.memmap)


def test_all_faults_are_listed_as_without_a_cache(things):
    folder, inputs = things
    (folder / "3.png").write_bytes(b"no picture")
    (folder / "5.wav").unlink()
    said = []
    for cache in (None, folder / "cache", folder / "cache"):
        with pytest.raises(DataError) as info:
            data.read(folder / "t.csv", inputs(), "label", cache=cache)
        said.append(info.value.problems)
    assert said[0] == said[1] == said[2] and len(said[0]) >= 2


def test_values_that_were_cut_are_noted_each_time(things):
    folder, inputs = things
    table = folder / "t.csv"
    table.write_text(table.read_text().replace("|4+.png", "|4+.png|4.png"))
    notes = []
    for _ in range(2):
        chosen = inputs()
        chosen["more"] = Several(
            Image(size=(4, 4)),
            "more",
            most=2,
            separator="|",
            truncate=True,
            optional=True,
        )
        read = data.read(table, chosen, "label", cache=folder / "cache")
        notes.append([n for n in read.notes if n.startswith("more")])
    assert notes[0] == notes[1] and len(notes[0]) == 1
