"""Masks of steps, from the modality to the answers of a model."""

import keras
import numpy as np
import pytest

from mmfusion import data, encoders, fusion, models
from mmfusion.data.joined import join
from mmfusion.data.narrow import NarrowSplit
from mmfusion.errors import ArgumentError
from mmfusion.explain.predictions import predict_split

STEPS = 3


@pytest.fixture(scope="module")
def mixed():
    """Eight rows of a sequence, missing in some, and a plain vector."""
    random = np.random.default_rng(0)
    lengths = [1, 3, 0, 2, 3, 0, 1, 2]
    return data.from_arrays(
        {
            "walk": [
                random.normal(size=(n, 2)).astype("f4") if n else None
                for n in lengths
            ],
            "facts": random.normal(size=(8, 4)).astype("f4"),
        },
        {"label": [0, 1] * 4},
        modalities={
            "walk": data.Vector(dim=2, steps=STEPS, optional=True),
            "facts": data.Vector(dim=4, optional=True),
        },
        splits={"train": [0, 2, 4, 5, 6, 7], "test": [1, 3]},
    )


def mask_of(lengths):
    return (np.arange(STEPS) < np.array(lengths)[:, None]).tolist()


@pytest.fixture(scope="module")
def model(mixed):
    return models.from_schema(
        mixed.schema,
        fusion.GatedFusion(4),
        encoders={
            "walk": {"units": 4, "hidden": [4]},
            "facts": {"units": 4, "hidden": []},
        },
        auxiliary=True,
        modality_dropout=0.3,
    )


def test_arrays_and_batches_hold_it(mixed):
    arrays, _ = mixed.train.arrays()
    assert arrays["walk_mask"].tolist() == mask_of([1, 0, 3, 0, 1, 2])
    assert arrays["walk_mask"].dtype == bool
    assert arrays["walk_present"].tolist() == [1, 0, 1, 0, 1, 1]
    assert "facts_mask" not in arrays
    batches = mixed.train.batches(4, shuffle=False)
    spec = batches.element_spec[0]
    assert spec["walk_mask"].shape.as_list() == [None, STEPS]
    assert spec["walk_mask"].dtype == "bool"
    rows = [inputs["walk_mask"].numpy() for inputs, _ in batches]
    assert np.concatenate(rows).tolist() == arrays["walk_mask"].tolist()
    shuffled = next(iter(mixed.train.batches(6)))[0]
    order = [int(key) for key in mixed.train.ids(epoch=0, step=0)]
    lengths = np.array([1, 3, 0, 2, 3, 0, 1, 2])[order]
    assert shuffled["walk_mask"].numpy().tolist() == mask_of(lengths)


def test_a_change_of_the_batch_sees_the_values(mixed):
    batches = mixed.train.batches(
        6, shuffle=False, augment={"walk": lambda x, seed: x + 1}
    )
    inputs = next(iter(batches))[0]
    arrays, _ = mixed.train.arrays()
    np.testing.assert_array_equal(inputs["walk"], arrays["walk"] + 1)
    np.testing.assert_array_equal(inputs["walk_mask"], arrays["walk_mask"])


def test_parts_of_a_split_keep_it(mixed):
    taken = mixed.train.take([2, 0]).arrays()[0]
    assert taken["walk_mask"].tolist() == mask_of([3, 1])
    assert "walk_mask" not in mixed.only(["facts"]).train.arrays()[0]
    joined = join(mixed.train, mixed.test, {"label": [0, 1]}).arrays()[0]
    assert joined["walk_mask"].tolist() == mask_of([1, 0, 3, 0, 1, 2, 3, 2])


def test_a_model_is_trained_with_it(mixed, model):
    assert sorted(model.input) == [
        "facts", "facts_present", "walk", "walk_mask", "walk_present"
    ]  # fmt: skip
    model.compile("sgd", loss=model.tasks["label"].default_loss())
    batches = NarrowSplit(mixed.train, model).batches(6)
    x, y = next(iter(batches))
    target = y["label"]
    loss = model.train_on_batch(x, dict.fromkeys(model.tasks, target))
    assert np.all(np.isfinite(loss))


def test_what_lies_in_missing_steps_changes_nothing(mixed, model):
    arrays, _ = mixed.train.arrays()
    expected = keras.ops.convert_to_numpy(model(arrays)["label"])
    dirty = {**arrays, "walk": arrays["walk"].copy()}
    dirty["walk"][~arrays["walk_mask"]] = np.nan
    found = keras.ops.convert_to_numpy(model(dirty)["label"])
    np.testing.assert_array_equal(found, expected)
    fewer = {**arrays, "walk_mask": arrays["walk_mask"].copy()}
    fewer["walk_mask"][2, 1:] = False
    changed = keras.ops.convert_to_numpy(model(fewer)["label"])
    assert np.abs(changed - expected).max(axis=1).nonzero()[0].tolist() == [2]


def test_a_single_modality_has_it_and_another_has_not(mixed, model):
    walk, facts = (models.alone(model, name) for name in ("walk", "facts"))
    assert sorted(walk.input) == ["walk", "walk_mask", "walk_present"]
    assert sorted(facts.input) == ["facts", "facts_present"]
    for single in (walk, facts):
        (inputs, *_) = next(iter(NarrowSplit(mixed.test, single).batches(2)))
        assert sorted(inputs) == sorted(single.input)


def test_answers_where_values_are_taken_away_carry_it(mixed, model):
    gone = np.array([True, False] * 3)
    found = predict_split(model, mixed.train, absent={"walk": gone})
    arrays, _ = mixed.train.arrays()
    arrays["walk_present"] &= ~gone
    expected = keras.ops.convert_to_numpy(model(arrays)["label"])
    np.testing.assert_allclose(found["label"], expected, atol=1e-6)
    rows = mixed.test.predict(model)
    assert [row["status"] for row in rows] == ["ok", "ok"]


def test_unlabelled_rows_have_it(mixed):
    rows = mixed.like({"walk": [[[1, 2]], None], "facts": np.zeros((2, 4))})
    assert rows.arrays()[0]["walk_mask"].tolist() == mask_of([1, 0])


def test_an_encoder_must_take_the_mask_that_there_is(mixed):
    part = {"walk": {"masked": False}}
    with pytest.raises(ArgumentError, match="'walk' takes no mask of steps"):
        models.from_schema(mixed.schema, encoders=part)
    own = keras.Sequential([keras.Input((3, 2)), keras.layers.Flatten()])
    with pytest.raises(ArgumentError, match="your own model an input `mask`"):
        models.from_schema(mixed.schema, encoders={"walk": own})
    own = encoders.vector_sequence((3, 2), units=4, masked=True, name="mine")
    model = models.from_schema(mixed.schema, encoders={"walk": own})
    assert "walk_mask" in model.input


@pytest.mark.parametrize(
    "change, message",
    [
        ({"walk_mask": np.ones((5, STEPS), bool)}, "as many rows"),
        (
            {"walk_mask": np.ones((6, 4), bool)},
            r"'walk_mask' to be bool `\(rows, 3\)`.*\(6, 4\)",
        ),
        (
            {"walk_mask": np.ones((6, STEPS), "int32")},
            r"'walk_mask' to be bool `\(rows, 3\)`.*int32",
        ),
        ({"walk_mask": None}, r"\['walk_mask'\] with the rest of 'walk'"),
    ],
    ids=["fault-94-rows", "fault-94-steps", "fault-94-dtype", "fault-94-none"],
)
def test_fault_94_a_mask_that_does_not_fit_is_named(
    mixed, model, change, message
):
    arrays = {**mixed.train.arrays()[0], **change}
    arrays = {name: x for name, x in arrays.items() if x is not None}
    with pytest.raises(ArgumentError, match=message):
        model.predict(arrays, verbose=0)
