"""Augmentation by rules: of the fused model and of each modality alone."""

import copy

import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion import training
from mmfusion.data.narrow import NarrowSplit
from mmfusion.errors import ArgumentError
from mmfusion.models import inputs
from mmfusion.training import augmentation

ROWS = 24
GIVEN = {"photo": ["flip", {"name": "shift", "by": 0.25}], "sound": "noise"}


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(0)
    return mm.data.from_arrays(
        {
            "photo": random.integers(0, 256, (ROWS, 4, 4, 3), "uint8"),
            "sound": random.normal(0, 0.1, (ROWS, 40)).astype("float32"),
        },
        {"label": [i % 3 for i in range(ROWS)]},
        modalities={
            "sound": mm.data.Audio(
                kind="waveform", sample_rate=1000, seconds=0.04
            )
        },
        splits={"train": np.arange(16), "validation": np.arange(16, ROWS)},
    )


def _model(data, **options):
    return mm.models.from_schema(
        data.schema,
        mm.fusion.ConcatFusion(4),
        encoders={
            "photo": {"hidden": [2], "units": 3},
            "sound": {"hidden": [2], "units": 3},
        },
        **options,
    )


def test_rules_write_every_default_out_and_read_it_again():
    rules = training.Rules(augment=GIVEN, mixup=0.3)
    assert rules.augment["photo"][1] == {
        "name": "shift",
        "by": 0.25,
        "fill": "edge",
    }
    assert rules.augment["sound"][0]["most"] == 30
    assert rules.mixup == {"alpha": 0.3, "per": "row", "modalities": None}
    again = training.Rules(augment=rules.augment, mixup=rules.mixup)
    assert again == rules
    assert training.Rules().augment is training.Rules().mixup is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"augment": {"photo": ["flop"]}}, "Did you mean 'flip'"),
        ({"augment": {"photo": {"name": "shift", "bye": 1}}}, "mean 'by'"),
        ({"augment": {"photo": [lambda x, seed: x]}}, "plain values"),
        ({"augment": ["flip"]}, "a dict of modality name"),
        ({"mixup": -1}, "`alpha`"),
    ],
)
def test_wrong_rules_are_refused(settings, message):
    with pytest.raises(ArgumentError, match=message):
        training.Rules(**settings)


def test_each_training_gets_what_is_of_its_modalities(data):
    rules = training.Rules(
        augment=GIVEN, mixup={"modalities": ["sound"], "alpha": 1.0}
    )
    whole = augmentation.options(rules, data.train)
    assert sorted(whole["augment"]) == ["photo", "sound"]
    assert whole["mixup"].modalities == ["sound"]
    fused = _model(data)
    pictures = {}
    for name, mixed in {"photo": False, "sound": True}.items():
        single = mm.models.alone(fused, name)
        split = NarrowSplit(data.train, single)
        options = augmentation.options(rules, split)
        assert list(options["augment"]) == [name]
        assert ("mixup" in options) == mixed
        (x, y), *_ = split.batches(16, **options)
        assert list(x) == [name] and len(y["label"].shape) == 1 + mixed
        pictures[name] = x[name].numpy()
    # The same draws as in the training of the fused model.
    (x, _), *_ = data.train.batches(16, augment=whole["augment"])
    np.testing.assert_array_equal(x["photo"], pictures["photo"])
    plain = training.Rules()
    assert augmentation.options(plain, data.train) == {}


def test_what_does_not_fit_is_refused_before_training(data):
    model = _model(data)
    before = [w.copy() for w in model.get_weights()]
    for settings, message in (
        ({"augment": {"foto": ["flip"]}}, "Did you mean 'photo'"),
        ({"augment": {"sound": ["flip"]}}, "For it there are gain, noise"),
        ({"mixup": {"modalities": ["foto"]}}, "Did you mean 'photo'"),
    ):
        with pytest.raises(ArgumentError, match=message):
            training.fit(model, data, training.Rules(**settings))
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_worth_trains_alone_as_the_fused_model_was_trained(data, monkeypatch):
    """By rules that the model remembers, from objects of its own."""
    asked = []
    batches = mm.data.Split.batches

    def listening(split, size, **settings):
        if split.name == "train":
            asked.append(copy.copy(settings))
        return batches(split, size, **settings)

    monkeypatch.setattr(mm.data.Split, "batches", listening)
    model = _model(data)
    losses = mm.tasks.compile_arguments(model)
    model.compile("adam", jit_compile=False, **losses)
    flip = mm.data.augment.Flip(chance=1)
    model.fit(
        data.train.batches(8, augment={"photo": [flip]}, mixup=0.4), verbose=0
    )
    rules = training.Rules.of(model)
    assert rules.augment == {"photo": [flip.settings()]}
    assert rules.mixup["alpha"] == 0.4
    asked.clear()
    mm.explain.worth(model, data, split="validation", resamples=100)
    photo, sound = asked
    assert photo["modalities"] == ["photo"]
    assert photo["augment"] == rules.augment
    assert "augment" not in sound
    assert photo["mixup"].alpha == sound["mixup"].alpha == 0.4


def test_functions_cannot_be_repeated(data):
    model = _model(data)
    model.compile("adam", **mm.tasks.compile_arguments(model))
    train = data.train.batches(16, augment={"photo": lambda x, seed: x})
    # What `fit` remembers, before it starts.
    model.fit_settings = inputs.fit_settings(model, train, {})
    with pytest.raises(ArgumentError, match="altered by augment"):
        training.Rules.of(model)


@pytest.mark.parametrize(
    "method", ["mutual", "gradient_modulation", "uncertainty"]
)
def test_methods_learn_from_mixed_targets(data, method):
    model = _model(data, auxiliary=True)
    made = training.plan.plan(
        {"name": method}, model, data, training.Rules(), None
    )
    made.trainee.compile("sgd", **mm.tasks.compile_arguments(model))
    x, y = next(iter(data.train.batches(16, mixup=1.0)))
    if method == "gradient_modulation":  # Scores of soft labels, by hand.
        answers = model(x)
        labels = dict.fromkeys(model.output, y["label"])
        k = made.trainee.coefficients(x, labels, answers)
        told = {}
        for name in ("photo", "sound"):
            logs = y["label"] * np.log(answers[f"label_{name}"])
            told[name] = np.exp(np.sum(logs, axis=-1)).mean()
        ratio = told["photo"] / told["sound"]
        slow = 1 - np.tanh(0.5 * max(ratio, 1 / ratio))
        stronger = "photo" if ratio > 1 else "sound"
        assert abs(float(k[stronger]) - slow) < 1e-5
    logs = made.trainee.train_on_batch(x, y, return_dict=True)
    assert np.isfinite(logs["loss"])


def test_transfer_alters_the_rows_of_both(data):
    source = data.train.take(range(12))
    source.targets = {"shade": np.arange(12, dtype="int32") % 2}
    source.classes = {"shade": ["dark", "light"]}
    x, y, w = next(
        iter(
            training.transfer_batches(
                source,
                data.train,
                8,
                augment={"photo": [lambda x, seed: tf.ones_like(x)]},
                mixup=1.0,
            )
        )
    )
    np.testing.assert_allclose(x["photo"], 1, rtol=1e-6)
    assert (y["label"].shape, y["shade"].shape) == ((8, 3), (8, 2))
    np.testing.assert_allclose(y["label"].numpy().sum(1), [1] * 4 + [0] * 4)
    np.testing.assert_allclose(w["shade"], [0] * 4 + [2] * 4)
