"""Mutual learning: the formula; absent heads neither learn nor teach."""

import numpy as np
import pytest

from mmfusion.errors import ArgumentError
from mmfusion.training import MutualLearning
from tests.training import small


def _expected(model, x, y, weight, weights):
    p = small.probabilities(model, x)
    here = {
        "label": np.ones(small.ROWS),
        "label_a": np.ones(small.ROWS),
        "label_b": x["b_present"].astype(float),
    }
    total = 0.0
    for k in p:
        rows = small.log_losses(p[k], y["label"])
        for j in p:
            if j != k:
                told = (p[j] * np.log(p[j] / p[k])).sum(1) * here[j]
                rows = rows + weight / (len(p) - 1) * told
        total += (rows * here[k] * weights).mean()
    return total


@pytest.mark.parametrize("weight", [0.0, 0.7])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_loss_is_the_formula(weight, weighted):
    model = small.model()
    x, y, weights = small.rows()
    expected = _expected(model, x, y, weight, weights if weighted else 1.0)
    loss = small.training_loss(
        MutualLearning(model, weight), x, y, weights if weighted else None
    )
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


def test_heads_agree_more_than_without():
    x, y, _ = small.rows()
    distance = {}
    for weight in (0.0, 5.0):
        method = MutualLearning(small.model(), weight)
        small.learn(method, x, y, 60)
        p = small.probabilities(method.model, x)
        distance[weight] = np.abs(p["label_a"] - p["label"]).mean()
    assert distance[5.0] < 0.7 * distance[0.0]


def test_it_needs_heads_of_modalities():
    with pytest.raises(ArgumentError, match="auxiliary=True"):
        MutualLearning(small.model(auxiliary=False))
