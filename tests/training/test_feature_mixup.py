"""Feature mixup: the formula, for shares that are known."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import FeatureMixup
from tests.training import small


def test_the_loss_is_the_formula(monkeypatch):
    shares = np.linspace(0.1, 1.0, small.ROWS).astype("float32")
    monkeypatch.setattr(
        keras.random,
        "beta",
        lambda *a, **k: keras.ops.convert_to_tensor(shares),
    )
    model = small.model()
    x, y, weights = small.rows()
    h = model.embed(x).astype("float64")
    share = shares[:, None].astype("float64")
    mixed = share * h + (1 - share) * h[::-1]
    head = model.get_layer("label").logits
    logits = mixed @ np.array(head.kernel) + np.array(head.bias)
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    own = small.log_losses(p, y["label"]) * weights
    other = small.log_losses(p, y["label"][::-1]) * weights[::-1]
    expected = (shares * own + (1 - shares) * other).mean()
    answers = small.probabilities(model, x)
    for name in model.auxiliary:  # They learn from whole rows.
        rows = small.log_losses(answers[name], y["label"]) * weights
        expected += rows.mean()
    loss = small.training_loss(FeatureMixup(model), x, y, weights)
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


def test_a_large_alpha_mixes_more():
    """Halves of two rows are harder to learn than mostly one."""
    x, y, _ = small.rows()
    losses = {}
    for alpha in (1e-2, 50.0):
        method = FeatureMixup(small.model(False), alpha, seed=0)
        losses[alpha] = small.learn(method, x, y, 80, 0.02)[-1]
    assert losses[50.0] > losses[1e-2] + 0.1


def test_decisions_have_no_embedding_to_mix():
    model = mm.models.late_fusion_model(
        {"a": mm.encoders.vector_mlp(3, units=4)},
        mm.decision.AverageDecision(),
        mm.tasks.Classification(2),
    )
    with pytest.raises(ArgumentError, match="fuses decisions"):
        FeatureMixup(model)
