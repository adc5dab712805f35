"""Uncertainty weighting: the formula, and weights that learn."""

import numpy as np

from mmfusion.training import UncertaintyWeighting
from tests.training import small


def test_the_loss_is_the_formula():
    model = small.model()
    x, y, weights = small.rows()
    p = small.probabilities(model, x)
    method = UncertaintyWeighting(model)
    expected = 0.0
    for i, (name, s) in enumerate(sorted(method.log_variances.items())):
        s.assign(0.3 * i - 0.2)
        rows = small.log_losses(p[name], y["label"]) * weights
        expected += np.exp(-(0.3 * i - 0.2)) * rows.mean() + (0.3 * i - 0.2) / 2
    loss = small.training_loss(method, x, y, weights)
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


def test_what_stays_uncertain_counts_less():
    x, y, _ = small.rows()
    x["b"] = np.zeros_like(x["b"])  # Its head can learn the shares only.
    method = UncertaintyWeighting(small.model())
    assert set(method.loss_weights().values()) == {1.0}
    small.learn(method, x, y, 150, 0.02)
    weights = method.loss_weights()
    assert weights["label_b"] < 0.8 * weights["label"]
