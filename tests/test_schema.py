"""A schema is plain JSON and comes back equal."""

import pytest

from mmfusion.errors import ArgumentError
from mmfusion.schema import InputSchema, Schema, TargetSchema


def test_survives_its_file(tmp_path):
    schema = Schema(
        {
            "photo": InputSchema(
                (8, 8, 3), "float32", True, "image_cnn", {"shape": [8, 8, 3]}
            )
        },
        {"label": TargetSchema("classification", {"classes": ["cat", "dog"]})},
    )
    schema.save(tmp_path / "schema.json")
    assert Schema.load(tmp_path / "schema.json") == schema


def test_a_file_of_the_first_version_is_read():
    target = {"task": "classification", "classes": ["cat", "dog"]}
    plain = {"format": 1, "inputs": {}, "targets": {"label": target}}
    read = Schema.from_dict(plain).targets["label"]
    assert read == TargetSchema("classification", {"classes": ["cat", "dog"]})
    assert read.classes == ("cat", "dog")


def test_arguments_of_every_task_stand_beside_its_name():
    """As in the first version: an old run's schema is still the same."""
    targets = {
        "label": TargetSchema("classification", {"classes": ("cat", "dog")}),
        "price": TargetSchema("regression", {"mean": 2.0, "deviation": 0.5}),
    }
    schema = Schema({}, targets)
    plain = schema.to_dict()
    assert plain["targets"] == {
        "label": {"task": "classification", "classes": ["cat", "dog"]},
        "price": {"task": "regression", "mean": 2.0, "deviation": 0.5},
    }
    assert Schema.from_dict(plain) == schema
    assert schema.targets["price"].classes == ()


def test_another_format_is_refused():
    plain = {"format": 2, "inputs": {}, "targets": {}}
    with pytest.raises(ArgumentError, match="`format`.*Received: 2"):
        Schema.from_dict(plain)


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": None},
        {"inputs": {"v": {"shape": [3]}}},
        {"inputs": {"v": {"shape": 3}}},
        {"targets": {"label": 1}},
        {"targets": {"label": {}}},
    ],
)
def test_a_damaged_schema_is_refused_in_one_line(change):
    plain = {"format": 1, "inputs": {}, "targets": {}}
    with pytest.raises(ArgumentError, match="The schema is damaged.*Restore"):
        Schema.from_dict({**plain, **change})
