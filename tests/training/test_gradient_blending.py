"""Gradient blending: weights by the formula, from losses that were measured."""

import dataclasses

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import Rules, fit, gradient_blending


def _data(validation=True):
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 160)
    splits = {"train": np.arange(60)}
    if validation:
        splits["validation"] = np.arange(60, 160)
    return mm.data.from_arrays(
        {
            "good": (random.normal(size=(160, 2)) + 3 * y[:, None]).astype(
                "float32"
            ),
            # Much to learn by heart and little to learn.
            "noisy": (random.normal(size=(160, 40)) + 0.15 * y[:, None]).astype(
                "float32"
            ),
        },
        {"label": y.tolist()},
        splits=splits,
    )


def _model(data, auxiliary=True):
    keras.utils.set_random_seed(0)
    return mm.models.from_schema(data.schema, auxiliary=auxiliary)


# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("gradient_blending")

RULES = Rules(
    epochs=12,
    batch_size=16,
    optimizer={"name": "adam", "learning_rate": 0.01},
    patience=None,
)


@pytest.fixture(scope="module")
def found():
    data = _data()
    model = _model(data)
    before = [np.array(w) for w in model.get_weights()]
    found = gradient_blending(model, data, RULES)
    for weight, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)  # It stays as it was.
    return found


def test_weights_are_the_formula_and_overfitting_counts_less(found):
    raw = {
        name: max(found.gains[name], 0)
        / max(found.overfitting[name] ** 2, 1e-4)
        for name in ("label", "label_good", "label_noisy")
    }
    total = sum(raw.values())
    for name, value in raw.items():
        np.testing.assert_allclose(found.weights[name], value / total)
    assert found.weights["label_noisy"] < found.weights["label_good"]
    assert found.overfitting["label_noisy"] > found.overfitting["label_good"]


def test_gains_are_the_fall_of_the_validation_loss(found):
    data = _data()
    keras.utils.set_random_seed(RULES.seed)
    single = mm.models.alone(_model(data), "good")
    losses = []
    for train in (False, True):
        if train:
            fit(single, _only(data, "good"), RULES)
        x, y = data.validation.arrays(modalities=["good"])
        p = single.predict(x, verbose=0)["label"]
        losses.append(-np.log(p[np.arange(100), y["label"]]).mean())
    # Made anew, from other weights: near, not equal.
    assert abs((losses[0] - losses[1]) - found.gains["label_good"]) < 0.3


def _only(data, name):
    x, y = {}, {}
    for split in ("train", "validation"):
        x[split], y[split] = getattr(data, split).arrays(modalities=[name])
    rows = len(y["train"]["label"])
    return mm.data.from_arrays(
        {name: np.concatenate([x["train"][name], x["validation"][name]])},
        {
            "label": np.concatenate(
                [y["train"]["label"], y["validation"]["label"]]
            ).tolist()
        },
        splits={
            "train": np.arange(rows),
            "validation": np.arange(rows, rows + len(y["validation"]["label"])),
        },
    )


def test_the_weights_train_the_model():
    data = _data()
    rules = dataclasses.replace(RULES, epochs=2)
    weights = []
    for method in (None, {"name": "gradient_blending"}):
        model = _model(data)
        fit(model, data, rules, method=method)
        weights.append(model.get_weights())
    assert not all(map(np.array_equal, *weights))


def test_it_needs_heads_and_validation():
    data = _data()
    with pytest.raises(ArgumentError, match="auxiliary=True"):
        gradient_blending(_model(data, auxiliary=False), data, RULES)
    data = _data(validation=False)
    with pytest.raises(ArgumentError, match="validation split"):
        gradient_blending(_model(data), data, RULES)
