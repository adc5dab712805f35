import numpy as np
import pytest

from mmfusion.data.datasets import channel, describe, shapes
from mmfusion.data.datasets.shapes import CHANNELS, CLASSES, generate
from mmfusion.errors import ArgumentError

ROWS = {"train": 60, "validation": 24, "test": 36}
NOTHING_MISSING = dict.fromkeys(CHANNELS, 0.0)


@pytest.fixture(scope="module")
def small():
    return shapes(rows=ROWS, size=(16, 20), seconds=0.3)


def _part(rows, seed=0, missing=None, size=(16, 16)):
    shares = {**NOTHING_MISSING, **(missing or {})}
    return generate(rows, [seed], size, 0.25, shares)


def test_splits_inputs_and_target(small):
    for name, rows in ROWS.items():
        split = getattr(small, name)
        assert (split.name, split.rows) == (name, rows)
        counts = np.bincount(split.targets["label"], minlength=6)
        assert set(counts) == {rows // 6}
    assert small.schema.inputs["image"].shape == (16, 20, 3)
    assert all(part.optional for part in small.inputs.values())
    assert small.train.classes["label"] == list(CLASSES)


def test_raw_values_hold_everything(small):
    """What is served raw is what the model learned from, to the last bit."""
    values, _ = small.test.arrays([5])
    for name, raw in small.test.raw([5]).items():
        modality = small.inputs[name]
        again = modality.transform(modality.read(raw[0]))
        np.testing.assert_array_equal(
            np.asarray(again), values[name][0], err_msg=name
        )


def test_same_seed_same_rows_and_another_seed_others(small):
    again = shapes(rows=ROWS, size=(16, 20), seconds=0.3)
    other = shapes(rows=ROWS, size=(16, 20), seconds=0.3, seed=1)
    one, two, three = (d.train.arrays()[0] for d in (small, again, other))
    for name in CHANNELS:
        np.testing.assert_array_equal(one[name], two[name])
        assert not np.array_equal(one[name], three[name])
    assert not np.array_equal(
        one["sound"][:24], small.test.arrays()[0]["sound"][:24]
    )


def test_ceilings_are_those_of_the_rows_and_are_printed(small):
    parts = {
        name: generate(rows, [0, number], (16, 20), 0.3, NOTHING_MISSING)
        for number, (name, rows) in enumerate(ROWS.items())
    }
    printed = describe(small)
    for name, part in parts.items():
        expected = channel.ceilings(CHANNELS, part["symbols"], part["present"])
        assert getattr(small, name).ceiling == expected
        for value in expected.values():
            assert f"{value:.3f}" in printed
    assert "caption, image, sound, fused: accuracy" in printed


def test_ceilings_of_many_rows_are_far_apart():
    part = _part(2400)
    found = channel.ceilings(CHANNELS, part["symbols"], part["present"])
    assert all(0.6 < found[name] < 0.7 for name in CHANNELS)
    assert found["fused"] > 0.95


@pytest.mark.parametrize("share", [0.0, 0.3])
@pytest.mark.parametrize("seed", range(5))
def test_who_knows_the_symbols_reaches_the_ceiling(seed, share):
    """The best classifier there is, on the rows themselves."""
    part = _part(6000, seed, dict.fromkeys(CHANNELS, share))
    found = channel.ceilings(CHANNELS, part["symbols"], part["present"])
    for name in [*CHANNELS, "fused"]:
        known = CHANNELS if name == "fused" else {name: CHANNELS[name]}
        chances = channel.posterior(known, part["symbols"], part["present"])
        # Ties are broken by chance; a fixed order might flatter.
        chances += np.random.default_rng(1).random(chances.shape) * 1e-9
        right = np.mean(chances.argmax(axis=1) == part["label"])
        # Three deviations of a share of 6000 rows.
        assert right == pytest.approx(found[name], abs=0.019), name


def test_absent_values_are_as_many_as_asked_and_never_all():
    part = _part(4000, missing={"image": 0.5, "sound": 0.9})
    there = part["present"]
    assert there["caption"].all()
    assert np.mean(there["image"]) == pytest.approx(0.5, abs=0.03)
    assert np.mean(there["sound"]) == pytest.approx(0.1, abs=0.03)
    part = _part(4000, missing=dict.fromkeys(CHANNELS, 0.9))
    assert np.stack(list(part["present"].values())).any(axis=0).all()


def test_absence_changes_nothing_else():
    one, two = _part(50), _part(50, missing={"image": 0.5})
    np.testing.assert_array_equal(one["label"], two["label"])
    np.testing.assert_array_equal(
        one["values"]["sound"], two["values"]["sound"]
    )


def test_a_larger_picture_leaves_the_rest_alone():
    one, two = _part(50), _part(50, size=(32, 32))
    for name in ("caption", "sound"):
        np.testing.assert_array_equal(one["values"][name], two["values"][name])


def test_missing_may_differ_by_split_and_by_modality():
    data = shapes(
        rows=ROWS,
        size=(16, 16),
        seconds=0.25,
        missing={"train": {"sound": 0.5}, "test": 0.4},
    )
    flags = {name: getattr(data, name).arrays()[0] for name in ROWS}
    assert 0.3 < flags["train"]["sound_present"].mean() < 0.7
    assert flags["train"]["image_present"].all()
    assert all(flags["validation"][f"{m}_present"].all() for m in CHANNELS)
    assert not flags["test"]["image_present"].all()
    assert data.train.ceiling["sound"] < data.validation.ceiling["sound"]


def test_a_number_of_rows_is_divided():
    data = shapes(rows=100, size=(16, 16), seconds=0.25)
    assert [data.train.rows, data.validation.rows, data.test.rows] == [
        60,
        10,
        30,
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rows": 0}, "`rows` to be a positive"),
        ({"rows": {"train": 9}}, "needs the key 'validation'"),
        ({"rows": {**ROWS, "tset": 3}}, "'tset'. Did you mean 'test'"),
        ({"size": (8, 28)}, "`size` to be between 16"),
        ({"seconds": 0.1}, "`seconds` to be between 0.25"),
        ({"seed": -1}, "`seed`"),
        ({"missing": 1.0}, "`missing` to be between 0 and 0.99"),
        ({"missing": {"sond": 0.1}}, "'sond'. Did you mean 'sound'"),
        ({"missing": {"test": 0.1, "sound": 0.1}}, "'sound'"),
    ],
)
def test_arguments_that_cannot_be(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        shapes(**arguments)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_symbols_are_plain_to_a_small_model(name):
    """A modality falls short of its ceiling only where it was misread."""
    import keras

    import mmfusion as mm

    keras.utils.set_random_seed(0)
    data = shapes(rows={"train": 3600, "validation": 60, "test": 600})
    made = {"train": 3600, "test": 600}
    symbols = {
        split: generate(
            rows, [0, 2 * (split == "test")], (28, 28), 0.5, NOTHING_MISSING
        )["symbols"][name]
        for split, rows in made.items()
    }
    arguments = {
        "caption": {},
        "image": {"hidden": (12, 24, 32), "pool": "max"},
        "sound": {"hidden": (12, 24, 32)},
    }[name]
    encoder = mm.models.encoders_for(data.schema, **{name: arguments})[name]
    outputs = keras.layers.Dense(4, activation="softmax")(encoder.output)
    model = keras.Model(encoder.input, outputs)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, 6 * 57)
    model.compile(
        keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy"
    )
    model.fit(
        data.train.arrays()[0][name],
        symbols["train"],
        batch_size=64,
        epochs=6,
        verbose=0,
    )
    chances = model.predict(data.test.arrays()[0][name], verbose=0)
    assert np.mean(chances.argmax(axis=1) == symbols["test"]) >= 0.99


@pytest.mark.parametrize("rows", [1, 2])
def test_each_split_has_a_row_at_least(rows):
    with pytest.raises(ValueError, match=f"`rows` to be 3.*Received: {rows}"):
        shapes(rows=rows)
