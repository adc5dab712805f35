"""Several values in a cell: lists, places, and what is one too many."""

import json

import numpy as np
import pytest

from mmfusion import data, models, recipe
from mmfusion.data import (
    Audio,
    BadValue,
    Image,
    Several,
    Tabular,
    Text,
    Vector,
    Video,
)
from mmfusion.data.column import read_columns
from mmfusion.data.source import SequenceSource
from mmfusion.errors import ArgumentError, DataError
from tests.data.cases import IMAGES, picture

IMAGE = Image(size=(4, 4))  # One makes one graph.


def pair(**arguments):
    return Several(Vector(dim=2), most=3, **arguments)


def refused(modality, value, message, reason="cannot be decoded"):
    with pytest.raises(BadValue, match=message) as caught:
        modality.read(value)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "value",
    [
        "[[1, 2], [3, 4]]",
        [[1, 2], [3, 4]],
        ([1, 2], None, "3 4"),
        np.array([[1, 2], [3, 4]], "float32"),
    ],
    ids=["json", "list", "with gaps", "array"],
)
def test_a_list_may_come_in_many_ways(value):
    made = pair().transform(pair().read(value)).numpy()
    assert made.tolist() == [[1, 2], [3, 4], [0, 0]]
    assert pair().mask(pair().read(value)).numpy().tolist() == [1, 1, 0]


def test_a_separator_stands_between_values():
    several = pair(separator="|")
    assert [x.tolist() for x in several.read("1 2|3 4|")] == [[1, 2], [3, 4]]
    # With one a text is never JSON.
    assert Several(Text(), separator="|").read("[1]|b") == ["[1]", "b"]


def test_what_is_no_list_is_said_so():
    refused(pair(), "1 2", r"is no JSON list: '1 2'; write \[\"a\", \"b\"\]")
    refused(pair(), '{"a": 1}', "is no JSON list")
    refused(pair(), "[" * 100_000, "is no JSON list")
    refused(pair(), 3.5, "expects a list, received a float")


def test_nothing_is_a_missing_value():
    for value in (None, "", " ", "[]", [], [None, ""], '["", " "]'):
        assert pair().is_missing(value)
        refused(pair(), value, "holds no value", "missing")
    assert not pair().is_missing("[1")  # It is broken, not missing.


def test_a_bad_value_names_its_place():
    refused(pair(), [[1, 2], "", [1]], "value 3: expects a vector of 2",
            "value 3: cannot be decoded")  # fmt: skip
    refused(
        Several(IMAGE),
        [IMAGES[0], IMAGES[1][:30]],
        "value 2: holds PNG that is truncated",
        "value 2: cannot be decoded",
    )


def test_too_many_are_an_error_unless_it_is_told():
    four = [[i, i] for i in range(4)]
    refused(pair(), four, "holds 4 values, more than `most=3`", "too large")
    several = pair(truncate=True)
    assert [x[0] for x in several.read(four)] == [0, 1, 2]
    several.read([*four, [5, 5]])
    several.read(four[:3])
    assert several.notes() == [
        "2 cells held more than 3 values; 3 values at their ends were left out"
    ]
    assert several.notes() == []


def test_the_notes_of_the_data_tell_what_was_left_out():
    made = data.from_arrays(
        {"pairs": [[[1, 2]] * 4, [[1, 2]]] * 2},
        {"label": [0, 1, 1, 0]},
        modalities={"pairs": pair(truncate=True)},
        splits={"train": range(4)},
    )
    assert made.notes == [
        "pairs: 2 cells held more than 3 values; 2 values at their ends were "
        "left out"
    ]


def test_all_values_of_training_rows_teach():
    several = Several(Text(vocabulary_size=10, length=1), most=3, optional=True)
    values = [["red", "wine"], ["boat"], None, ["tree", "red"]]
    columns = read_columns(
        {"x": SequenceSource(values, several)}, print, training=[0, 2, 3]
    )
    assert several.of.vocabulary == ["red", "tree", "wine"]
    column = columns["x"]
    assert column.values[..., 0].tolist() == [
        [2, 4, 0], [1, 0, 0], [0, 0, 0], [3, 2, 0]
    ]  # fmt: skip
    assert column.mask.sum(axis=1).tolist() == [2, 1, 0, 2]
    assert column.present.tolist() == [True, True, False, True]


def test_pictures_of_any_size_come_in_their_places():
    """More than a chunk of them, so that neighbours differ in size."""
    random = np.random.default_rng(0)
    values = [
        [
            picture(*random.integers(3, 6, 2), seed=10 * row + place)
            for place in range(random.integers(1, 4))
        ]
        for row in range(60)
    ]
    several = Several(IMAGE, most=3)
    column = read_columns({"x": SequenceSource(values, several)}, print)["x"]
    assert column.values.dtype == "uint8"
    for row, pictures in enumerate(values):
        assert column.mask[row].sum() == len(pictures)
        for place, pixels in enumerate(pictures):
            np.testing.assert_array_equal(
                column.values[row, place], IMAGE.transform(pixels)
            )
        assert not column.values[row, len(pictures) :].any()


def test_an_array_that_fits_is_read_as_well():
    pictures = np.random.default_rng(0).integers(0, 256, (5, 2, 4, 4, 3))
    pictures = pictures.astype("uint8")
    several = Several(IMAGE, most=2)
    column = read_columns({"x": SequenceSource(pictures, several)}, print)["x"]
    np.testing.assert_array_equal(column.values, pictures)
    assert column.mask.all()


def _table(folder, *cells):
    for number, raw in enumerate(IMAGES):
        (folder / f"{number}.jpg").write_bytes(raw)
    lines = ["photos;label", *(f"{cell};{'ab'[i % 2]}" for i, cell in
                               enumerate(cells))]  # fmt: skip
    path = folder / "table.csv"
    path.write_text("\n".join(lines).replace(";", ",") + "\n")
    return path


def test_paths_are_those_of_the_table(tmp_path):
    path = _table(tmp_path, "0.jpg|1.jpg", "2.jpg", "", "1.jpg")
    photos = Several(IMAGE, "photos", most=2, separator="|", optional=True)
    read = data.read_csv(path, {"photos": photos}, "label", split={})
    assert read.train.columns["photos"].mask.sum(axis=1).tolist() == [
        2,
        1,
        0,
        1,
    ]
    raw = read.train.raw()["photos"]
    assert raw[:3] == [IMAGES[:2], [IMAGES[2], b""], None]


def test_a_bad_path_names_its_place(tmp_path):
    path = _table(tmp_path, "0.jpg|../1.jpg", "2.jpg|none.jpg")
    photos = Several(IMAGE, "photos", most=2, separator="|")
    with pytest.raises(DataError) as caught:
        data.read_csv(path, {"photos": photos}, "label", split={})
    first, second = caught.value.problems
    assert "table.csv:2:photos: value 2: '../1.jpg' leads out" in first
    assert "table.csv:3:photos: value 2: " in second
    assert "none.jpg' does not exist" in second


def test_one_file_in_two_splits_is_warned_of(tmp_path):
    path = _table(tmp_path, *["0.jpg|1.jpg", "2.jpg|2.jpg"] * 5)
    photos = Several(IMAGE, "photos", most=2, separator="|")
    with pytest.warns(UserWarning, match=r"files of 'photos' are in training"):
        data.read_csv(path, {"photos": photos}, "label", split={"test": 0.4})


def test_a_check_tells_of_them(tmp_path):
    path = _table(tmp_path, *["0.jpg|1.jpg", "2.jpg", "2.jpg|0.jpg|1.jpg"] * 4)
    photos = Several(IMAGE, "photos", most=2, separator="|", truncate=True)
    found = data.check(path, {"photos": photos}, "label", {"test": 0.5})
    assert found.inputs["photos"].measures["values"] == (1.0, 2.0, 2.0)
    reviews = Several(Text(vocabulary_size=5), "photos", separator="|")
    found = data.check(path, {"reviews": reviews}, "label", {"test": 0.5})
    assert "0.jpg; 1.jpg" in str(found)


def test_a_recipe_nests_its_settings(tmp_path):
    _table(tmp_path, *["0.jpg|1.jpg", "2.jpg"] * 3)
    plain = {
        "data": {"source": "table.csv", "target": "label", "split": {}},
        "inputs": {
            "photos": {
                "type": "several",
                "column": "photos",
                "most": 2,
                "separator": "|",
                "of": {"type": "image", "size": [8, 8]},
            }
        },
        "model": {
            "encoders": {
                "photos": {
                    "units": 4,
                    "encoder": {"name": "image_cnn", "hidden": [4]},
                }
            }
        },
        "training": {"epochs": 1},
    }
    # JSON is YAML, too.
    (tmp_path / "recipe.yaml").write_text(json.dumps(plain))
    plain = recipe.load(tmp_path / "recipe.yaml")
    read = plain.read()
    model = plain.build(read.schema)
    assert model.input["photos"].shape == (None, 2, 8, 8, 3)
    assert model.input["photos_mask"].shape == (None, 2)
    assert json.loads(json.dumps(plain.resolved["inputs"]))


def test_its_encoder_is_that_of_one_value_several_times():
    several = Several(Image(size=(8, 8)), most=3)
    part = several.describe()
    assert part.encoder == "several" and part.masked
    assert part.arguments["encoder"]["name"] == "image_cnn"
    made = models.encoders_for(
        data.from_arrays(
            {"x": [[picture()], [picture()] * 3]},
            {"label": [0, 1]},
            modalities={"x": several},
            splits={"train": [0, 1]},
        ).schema
    )
    assert made["x"].input["x"].shape == (None, 3, 8, 8, 3)


@pytest.mark.parametrize(
    "of, message",
    [
        (Tabular(columns=["a"]), "one value without steps. Received: Tabular"),
        (Video(), "one value without steps. Received: Video"),
        (Vector(steps=3), "one value without steps"),
        (Several(Text()), "one value without steps"),
        (Text(column="a"), "without a column"),
        (Audio(optional=True), "not optional"),
        ("image", "expects `of` to be a modality object"),
        ({"type": "imge"}, "Did you mean 'image'"),
        ({"size": [4, 4]}, "needs the key 'type'"),
        ({"type": "image", "sise": [4, 4]}, "sise"),
    ],
    ids=str,
)
def test_of_must_be_one_value(of, message):
    with pytest.raises(ArgumentError, match=message):
        Several(of)


def test_arguments_are_checked():
    for arguments, message in (
        ({"most": 0}, "`most`"),
        ({"separator": ""}, "`separator`"),
        ({"truncate": 1.5}, "`truncate`"),
    ):
        with pytest.raises(ArgumentError, match=message):
            Several(Text(), **arguments)
