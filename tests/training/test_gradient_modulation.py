"""Gradient modulation: the dominant encoder is slowed by the formula."""

import keras
import numpy as np
import pytest

from mmfusion.errors import ArgumentError
from mmfusion.training import GradientModulation, Method
from tests.training import small


def _coefficients(model, x, y, alpha):
    p = small.probabilities(model, x)
    at = np.arange(small.ROWS), y["label"]
    a = p["label_a"][at].sum()
    b = (p["label_b"][at] * x["b_present"]).sum()
    ratios = {"a": a / b, "b": b / a}
    return {
        name: 1 - np.tanh(alpha * ratio) if ratio > 1 else 1.0
        for name, ratio in ratios.items()
    }


def _step(method, x, y):
    """By how much one step of SGD moved each weight, by path."""
    model = method.model
    before = {v.path: np.array(v) for v in model.trainable_variables}
    method.compile(keras.optimizers.SGD(0.5))
    method.fit(x, y, batch_size=small.ROWS, shuffle=False, verbose=0)
    return {
        v.path: np.array(v) - before[v.path] for v in model.trainable_variables
    }


def test_encoders_move_by_their_coefficient_heads_in_full():
    x, y, _ = small.rows()
    k = _coefficients(small.model(), x, y, alpha=0.5)
    assert min(k.values()) < 1.0 == max(k.values())
    plain = _step(Method(small.model()), x, y)
    method = GradientModulation(small.model(), 0.5, noise=False)
    slowed = _step(method, x, y)
    owners = {
        variable.path: name
        for name in "ab"
        for variable in method.model.get_layer(f"{name}_tower_encoder").weights
    }
    assert len(owners) == 8 < len(slowed)
    for (path, moved), full in zip(slowed.items(), plain.values(), strict=True):
        factor = k.get(owners.get(path), 1.0)
        np.testing.assert_allclose(
            moved, factor * full, rtol=1e-4, atol=1e-6, err_msg=path
        )


def test_noise_is_for_convolutions_and_seeded():
    x, y, _ = small.rows()
    moved = [
        _step(GradientModulation(small.model(), noise=noise, seed=3), x, y)
        for noise in (False, True)
    ]
    for one, other in zip(*(m.values() for m in moved), strict=True):
        np.testing.assert_array_equal(one, other)  # There is none.


def test_it_needs_heads_of_several_modalities():
    with pytest.raises(ArgumentError, match="auxiliary=True"):
        GradientModulation(small.model(auxiliary=False))
