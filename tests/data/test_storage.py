"""Modality objects on disk, and what a damaged folder gets."""

import json

import numpy as np
import pytest

from mmfusion.data import Tabular, Text, Vector, load_inputs, save_inputs
from mmfusion.errors import ArgumentError


def _standardised():
    vector = Vector(standardize=True)
    vector.adapt([np.array([1.0, 2.0]), np.array([3.0, 5.0])])
    return vector


def test_all_inputs_come_back_by_name(tmp_path):
    text = Text(column="title", vocabulary_size=5)
    text.adapt(["a b"])
    inputs = {"title": text, "facts": _standardised(), "new": Vector(dim=3)}
    save_inputs(inputs, tmp_path / "inputs")
    assert sorted(path.name for path in (tmp_path / "inputs").iterdir()) == [
        "facts.json",
        "facts.npz",
        "new.json",
        "title.json",
    ]
    loaded = load_inputs(tmp_path / "inputs")
    assert list(loaded) == ["facts", "new", "title"]
    assert loaded["title"].columns == ("title",)
    assert loaded["title"].vocabulary == ["a", "b"]


def test_one_is_saved_by_itself(tmp_path):
    _standardised().save(tmp_path, "facts")
    value = np.array([3.0, 2.0])
    np.testing.assert_array_equal(
        load_inputs(tmp_path)["facts"].transform(value),
        _standardised().transform(value),
    )


def test_not_adapted_it_loads_as_such(tmp_path):
    save_inputs({"a": Text(), "b": Tabular(numbers=["n"])}, tmp_path)
    for modality in load_inputs(tmp_path).values():
        with pytest.raises(ArgumentError, match="Call `adapt`"):
            modality.transform("a")


def test_arrays_of_another_save_are_refused(tmp_path):
    save_inputs({"facts": _standardised()}, tmp_path)
    np.savez(tmp_path / "facts.npz", mean=np.zeros(2), deviation=np.ones(2))
    with pytest.raises(ArgumentError, match="facts.npz.*Restore both"):
        load_inputs(tmp_path)
    (tmp_path / "facts.npz").unlink()
    with pytest.raises(ArgumentError, match="facts.npz.*is missing"):
        load_inputs(tmp_path)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"format": 2}, "`format` to be one of 1"),
        ({"type": "vectr"}, "Unknown modality 'vectr'. Did you mean 'vector'"),
        ({"more": 1}, "Unknown key"),
        ({"state": {"dims": 3}}, "Unknown key in state of a vector"),
        ({"arguments": {"size": 3}}, "Unknown key in arguments"),
        ({"arguments": None}, "arguments or a state that is damaged"),
        ({"arguments": []}, "arguments or a state that is damaged"),
        ({"state": 1}, "arguments or a state that is damaged"),
        ({"type": ["vector"]}, "Unknown modality"),
    ],
)
def test_a_changed_file_is_refused_in_one_line(tmp_path, change, message):
    save_inputs({"v": Vector(dim=3)}, tmp_path)
    content = json.loads((tmp_path / "v.json").read_text())
    (tmp_path / "v.json").write_text(json.dumps({**content, **change}))
    with pytest.raises(ArgumentError, match=message):
        load_inputs(tmp_path)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"kinds": {"brand": "category"}}, "`stock` to be one of 'number'"),
        ({"kinds": None}, "a state that is damaged"),
        ({"mean": []}, "as many of `mean` as columns need, 1. Received: 0"),
        ({"mean": [None]}, "`mean` to be a finite number"),
        ({"deviation": [0]}, "`deviation` to be a finite number above zero"),
        ({"vocabularies": [["a"], ["b"]]}, "as many of `vocabularies`"),
        ({"vocabularies": [None]}, "lists of words.*Received: None"),
        ({"vocabularies": [[1]]}, r"lists of words.*Received: \[1\]"),
    ],
)
def test_a_state_that_does_not_fit_its_table_is_refused(
    tmp_path, change, message
):
    facts = Tabular(["stock", "brand"])
    facts.adapt([["1", "a"], ["2", "b"]])
    save_inputs({"facts": facts}, tmp_path)
    content = json.loads((tmp_path / "facts.json").read_text())
    content["state"] |= change
    (tmp_path / "facts.json").write_text(json.dumps(content))
    with pytest.raises(ArgumentError, match=message):
        load_inputs(tmp_path)


def test_a_folder_without_inputs_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match="holds no modality object"):
        load_inputs(tmp_path)
    (tmp_path / "v.json").write_text("[1")
    with pytest.raises(ArgumentError, match="is not a JSON file"):
        load_inputs(tmp_path)
    with pytest.raises(ArgumentError, match="A modality name"):
        save_inputs({"V": Vector(dim=3)}, tmp_path)
