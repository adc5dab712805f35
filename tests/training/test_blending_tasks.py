"""Gradient blending of labels and numbers: the formula, by hand."""

import keras
import numpy as np
import pytest

from mmfusion.data.narrow import NarrowData
from mmfusion.models import FusionModel, alone
from mmfusion.training import Rules, fit, gradient_blending
from tests.explain.mixed import DEVIATION, tagged, tagging_model

RULES = Rules(
    epochs=3,
    batch_size=32,
    optimizer={"name": "adam", "learning_rate": 0.02},
    patience=None,
    xla="off",
)


def _losses(model, split):
    """Means over rows, float64: the log loss, squares in deviations."""
    x, y = split.arrays()
    x = {name: part for name, part in x.items() if name in model.input}
    p = model.predict(x, verbose=0)
    tags = p["tags"].astype("float64")
    far = (p["price"][:, 0].astype("float64") - y["price"]) / DEVIATION
    likely = np.where(y["tags"] > 0, tags, 1 - tags)
    return {"tags": -np.log(likely).mean(), "price": np.square(far).mean()}


def _change(model, data, weights=None):
    """By output, G and O of a training."""
    losses = []
    for trained in (False, True):
        if trained:
            fit(model, NarrowData(data, model), RULES, weights=weights)
        losses.append(
            [_losses(model, data.train), _losses(model, data.validation)]
        )
    (train, held), (train_after, held_after) = losses
    return {
        name: (
            held[name] - held_after[name],
            held_after[name] - train_after[name] - held[name] + train[name],
        )
        for name in held
    }


def test_labels_and_numbers_are_weighed_by_their_own_losses():
    data, model = tagged(40), tagging_model(auxiliary=True)
    found = gradient_blending(model, data, RULES)

    keras.utils.set_random_seed(RULES.seed)
    joint = FusionModel.from_config(model.get_config())
    main = {name: float(name in ("tags", "price")) for name in model.output}
    expected = _change(joint, data, main)
    for modality in ("a", "b"):
        keras.utils.set_random_seed(RULES.seed)
        changes = _change(alone(model, modality), data)
        expected |= {f"{n}_{modality}": x for n, x in changes.items()}
    for name, (gain, overfitting) in expected.items():
        assert found.gains[name] == pytest.approx(gain, rel=1e-4)
        assert found.overfitting[name] == pytest.approx(overfitting, abs=1e-4)
    for task in ("tags", "price"):
        names = [task, f"{task}_a", f"{task}_b"]
        raw = np.array(
            [
                max(found.gains[n], 0) / max(found.overfitting[n] ** 2, 1e-4)
                for n in names
            ]
        )
        weights = [found.weights[n] for n in names]
        np.testing.assert_allclose(weights, raw / raw.sum())
    assert sorted(found.weights) == sorted(model.output)
    fit(model, data, RULES, weights=found.weights)
