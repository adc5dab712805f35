"""What every augmentation promises."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from mmfusion import checks, registry
from mmfusion.data import augment
from mmfusion.errors import ArgumentError

SEED, OTHER = (3, 4), (5, 4)


def _images(rows=6):
    random = np.random.default_rng(0)
    return random.uniform(0, 255, (rows, 10, 12, 3)).astype("float32")


def _clips():
    return _images(12).reshape(4, 3, 10, 12, 3)


def _ids(rows=6):
    ids = np.random.default_rng(1).integers(2, 50, (rows, 12), "int32")
    lengths = np.arange(rows) * 5 % 12 + 1
    return np.where(np.arange(12) < lengths[:, None], ids, 0).astype("int32")


def _bags():
    counts = np.random.default_rng(2).integers(0, 3, (6, 20))
    return counts.astype("float32")


def _mels():
    random = np.random.default_rng(3)
    return random.uniform(-13.8, 3, (6, 20, 16)).astype("float32")


def _waves():
    random = np.random.default_rng(4)
    return random.uniform(-1, 1, (6, 64)).astype("float32")


DATA = {
    "image": _images,
    "clip": _clips,
    "ids": _ids,
    "bag": _bags,
    "log_mel": _mels,
    "waveform": _waves,
}


@dataclasses.dataclass(frozen=True)
class Case:
    """An augmentation: strong, switched off, and each option on its own."""

    name: str
    strong: dict
    off: dict
    options: tuple

    def create(self, **arguments):
        return registry.get("augmentation", self.name)(**arguments)


CASES = [
    Case(
        "colour",
        {"brightness": 0.5, "hue": 0.3},
        {"brightness": 0, "contrast": 0, "saturation": 0},
        (
            {"brightness": 0.7},
            {"contrast": 0.7},
            {"saturation": 0.7},
            {"hue": 0.2},
        ),
    ),
    Case(
        "crop", {}, {"least": 1, "aspect": 1}, ({"least": 0.1}, {"aspect": 3})
    ),
    Case("cutout", {}, {"size": 0}, ({"size": 0.5}, {"fill": "zero"})),
    Case(
        "drop_tokens",
        {"rate": 0.5},
        {"rate": 0},
        ({"rate": 0.9}, {"rate": 0.5, "replace": True}),
    ),
    Case("drop_words", {"rate": 0.5}, {"rate": 0}, ({"rate": 0.9},)),
    Case(
        "flip",
        {},
        {"chance": 0},
        ({"horizontal": False}, {"vertical": True}, {"chance": 1}),
    ),
    Case("frame_jitter", {"by": 2}, {"by": 0}, ({"by": 2},)),
    Case("gain", {}, {"decibels": 0}, ({"decibels": 20},)),
    Case("noise", {}, {"least": 100, "most": 100}, ({"least": 0, "most": 5},)),
    Case(
        "rand_augment",
        {"num_ops": 3, "magnitude": 20},
        {"num_ops": 0},
        ({"num_ops": 1}, {"magnitude": 25}),
    ),
    Case(
        "rotate",
        {"degrees": 60},
        {"degrees": 0},
        ({"degrees": 20}, {"degrees": 60, "fill": "zero"}),
    ),
    Case("shift", {"by": 0.4}, {"by": 0}, ({"by": 0.2}, {"fill": "zero"})),
    Case(
        "spec_augment",
        {"time": 0.5},
        {"time": 0, "bands": 0},
        (
            {"time_masks": 1},
            {"band_masks": 1},
            {"time": 0.9},
            {"bands": 0.9},
            {"fill": "silence"},
        ),
    ),
    Case("swap_tokens", {"rate": 0.8}, {"rate": 0}, ({"rate": 0.5},)),
    Case(
        "time_shift",
        {"by": 0.4},
        {"by": 0},
        ({"by": 0.2}, {"fill": "wrap"}),
    ),
]
WITH_CONTENT = [
    pytest.param(case, content, id=f"{case.name}-{content}")
    for case in CASES
    for content in registry.get("augmentation", case.name).contents
]
every = pytest.mark.parametrize(("case", "content"), WITH_CONTENT)


def test_every_registered_name_has_a_case():
    names = [case.name for case in CASES]
    assert registry.names("augmentation") == sorted(names)


@every
def test_a_seed_says_all_and_shape_dtype_and_range_stay(case, content):
    x = DATA[content]()
    before = x.copy()
    thing = case.create(**case.strong)
    y = thing(x, SEED).numpy()
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    assert np.isfinite(y).all()
    np.testing.assert_array_equal(x, before)
    if content in ("image", "clip"):
        assert y.min() >= 0 and y.max() <= 255
    assert (y != x).any()
    np.testing.assert_array_equal(thing(x, SEED), y)
    assert (thing(x, OTHER).numpy() != y).any()
    again = augment.create(thing.settings())
    np.testing.assert_array_equal(again(x, SEED), y)


@every
def test_a_data_set_of_unknown_length_gives_the_same(case, content):
    x = DATA[content]()
    thing = case.create(**case.strong)
    data = tf.data.Dataset.from_tensor_slices(x).batch(len(x) - 1)
    seed = tf.constant(SEED)
    parts = list(data.map(lambda x: thing(x, seed)))  # The second is one row.
    assert parts[0].shape[1:] == parts[1].shape[1:] == x.shape[1:]
    for part, given in zip(parts, (x[:-1], x[-1:]), strict=True):
        np.testing.assert_allclose(part, thing(given, SEED), rtol=1e-5)


@every
def test_no_magnitude_is_no_change(case, content):
    x = DATA[content]()
    y = case.create(**case.off)(x, SEED)
    # Noise of 100 decibels below is next to none.
    np.testing.assert_allclose(y, x, rtol=2e-5, atol=1e-4)


@every
def test_every_option_changes_something(case, content):
    x = DATA[content]()
    plain = case.create()
    given = {name for option in case.options for name in option}
    assert given == set(checks.parameters(type(plain)))
    y = plain(x, SEED).numpy()
    for option in case.options:
        assert (case.create(**option)(x, SEED).numpy() != y).any(), option


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_settings_are_refused(case):
    thing = case.create()
    for name in thing.settings():
        if name != "name":
            with pytest.raises(ArgumentError, match=f"`{name}`"):
                case.create(**{name: -1000})
    with pytest.raises(ArgumentError, match=f"augmentation {case.name}"):
        augment.create({"name": case.name, "strenght": 1})
    assert case.name in thing.settings()["name"] and "(" in repr(thing)


def test_a_clip_is_altered_as_one_picture():
    """All frames are equal before, and so they are afterwards."""
    picture = _images(3)[:, None]
    clips = np.repeat(picture, 4, axis=1)
    for case in CASES:
        kind = registry.get("augmentation", case.name)
        if "image" in kind.contents:
            thing = case.create(**case.strong)
            y = thing(clips, SEED).numpy()
            one = thing(picture[:, 0], SEED).numpy()
            np.testing.assert_allclose(
                y, np.repeat(one[:, None], 4, axis=1), atol=1e-3
            )
