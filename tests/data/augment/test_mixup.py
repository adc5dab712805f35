"""Rows mixed with others of their batch."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import Image, Tabular, Text, augment
from mmfusion.errors import ArgumentError

SEED = (1, 2)


def _rows(rows=60, classes=4):
    random = np.random.default_rng(0)
    x = {
        "a": tf.constant(random.normal(size=(rows, 3)), "float32"),
        "b": tf.constant(random.normal(size=(rows, 2, 2)), "float32"),
    }
    y = {"label": tf.constant(np.arange(rows) % classes, "int32")}
    return x, y


def _shares(x, mixed):
    """Which row each was mixed with, and its own share, from the values."""
    shares = np.ones(len(x))
    others = np.arange(len(x))
    for row, after in enumerate(mixed):
        if np.allclose(after, x[row], atol=1e-5):
            continue
        for other in range(len(x)):
            way = x[row] - x[other]
            if other == row:
                continue
            share = (after - x[other]) @ way / (way @ way)
            guess = share * x[row] + (1 - share) * x[other]
            if np.allclose(guess, after, atol=1e-5):
                shares[row], others[row] = share, other
    return shares, others


def test_rows_and_targets_are_mixed_by_the_same_shares():
    x, y = _rows()
    y["level"] = tf.reduce_sum(x["a"], axis=1)
    y["tags"] = tf.cast(x["a"] > 0, "float32")
    mixed, targets = augment.Mixup(1.0)(x, y, None, SEED, {"label": 4})
    a = x["a"].numpy()
    shares, others = _shares(a, mixed["a"].numpy())
    assert 0 <= shares.min() < 0.1 and 0.9 < shares.max() <= 1
    assert len(set(others)) > 50
    wide = shares[:, None]
    hot = np.eye(4)[y["label"].numpy()]
    expected = wide * hot + (1 - wide) * hot[others]
    np.testing.assert_allclose(targets["label"], expected, atol=1e-4)
    np.testing.assert_allclose(
        targets["level"], mixed["a"].numpy().sum(1), atol=1e-4
    )
    tags = y["tags"].numpy()
    np.testing.assert_allclose(
        targets["tags"], wide * tags + (1 - wide) * tags[others], atol=1e-4
    )
    b = x["b"].numpy()
    wide = wide[..., None]
    np.testing.assert_allclose(
        mixed["b"], wide * b + (1 - wide) * b[others], atol=1e-4
    )
    again, _ = augment.Mixup(1.0)(x, y, None, SEED, {"label": 4})
    np.testing.assert_array_equal(again["a"], mixed["a"])


@pytest.mark.parametrize("alpha", [0.2, 1.0, 5.0])
def test_shares_have_the_variance_of_a_beta_distribution(alpha):
    rows = 4000
    x = {"a": tf.reshape(tf.range(float(rows)), (-1, 1))}
    y = {"label": tf.range(rows) % 2}
    _, targets = augment.Mixup(alpha)(x, y, None, SEED, {"label": 2})
    own = targets["label"].numpy()[np.arange(rows), np.arange(rows) % 2]
    # Of rows with another class: half of all.
    shares = own[own < 1] if alpha >= 1 else own
    if alpha >= 1:
        assert abs(shares.mean() - 0.5) < 0.02
        assert abs(shares.var() - 1 / (4 * (2 * alpha + 1))) < 0.01
    else:
        assert np.mean((own > 0.02) & (own < 0.98)) < 0.35


def test_one_share_for_a_batch():
    x, y = _rows()
    mixed, _ = augment.Mixup(1.0, "batch")(x, y, None, SEED, {"label": 4})
    shares, others = _shares(x["a"].numpy(), mixed["a"].numpy())
    shares = shares[others != np.arange(60)]
    assert np.ptp(shares) < 1e-4 and 0 < shares[0] < 1


def test_rows_of_other_modalities_or_steps_stay_themselves():
    x, y = _rows()
    present = np.arange(60) % 3 > 0
    mask = np.arange(2) < (np.arange(60) % 4 > 0)[:, None] + 1
    x["a"] = tf.where(present[:, None], x["a"], 0.0)
    x["b"] = tf.where(mask[..., None], x["b"], 0.0)
    x |= {"a_present": tf.constant(present), "b_mask": tf.constant(mask)}
    mixed, targets = augment.Mixup(1.0)(x, y, None, SEED, {"label": 4})
    for key in ("a_present", "b_mask"):
        np.testing.assert_array_equal(mixed[key], x[key])
    assert not mixed["a"].numpy()[~present].any()
    assert not mixed["b"].numpy()[~mask].any()
    b = x["b"].numpy().reshape(60, 4)
    shares, others = _shares(b, mixed["b"].numpy().reshape(60, 4))
    changed = others != np.arange(60)
    assert 15 < changed.sum() < 45
    np.testing.assert_array_equal(present[others], present)
    np.testing.assert_array_equal(mask[others], mask)
    hot = np.eye(4)[y["label"].numpy()]
    wide = shares[:, None]
    np.testing.assert_allclose(
        targets["label"], wide * hot + (1 - wide) * hot[others], atol=1e-4
    )


def test_the_loss_is_that_of_both_rows_with_their_weights():
    x, y = _rows()
    random = np.random.default_rng(1)
    w = random.uniform(0, 2, 60).astype("float32")
    w[:10] = 0
    mixed, targets, weights = augment.Mixup(1.0)(
        x, y, tf.constant(w), SEED, {"label": 4}
    )
    shares, others = _shares(x["a"].numpy(), mixed["a"].numpy())
    logs = np.log(random.dirichlet(np.ones(4), 60))
    label = y["label"].numpy()
    each = np.arange(60)
    own = -w * logs[each, label]
    theirs = -w[others] * logs[each, label[others]]
    expected = shares * own + (1 - shares) * theirs
    loss = -weights.numpy() * (targets["label"].numpy() * logs).sum(1)
    np.testing.assert_allclose(loss, expected, atol=2e-3)
    by_task = augment.Mixup(1.0)(
        x, y, {"label": tf.constant(w)}, SEED, {"label": 4}
    )
    np.testing.assert_array_equal(by_task[2]["label"], weights)
    np.testing.assert_array_equal(by_task[1]["label"], targets["label"])


def test_some_modalities_only():
    x, y = _rows()
    thing = augment.Mixup(1.0, modalities=["a"])
    mixed, _ = thing(x, y, None, SEED, {"label": 4})
    np.testing.assert_array_equal(mixed["b"], x["b"])
    assert (mixed["a"].numpy() != x["a"].numpy()).any()
    assert thing.only(["b"]) is None
    assert thing.only(["a", "b"]).settings() == thing.settings()


def test_a_batch_of_one_stays():
    x, y = _rows(1)
    mixed, targets = augment.Mixup(1.0)(x, y, None, SEED, {"label": 4})
    np.testing.assert_allclose(mixed["a"], x["a"], rtol=1e-6)
    np.testing.assert_allclose(targets["label"], [[1, 0, 0, 0]], rtol=1e-6)


def test_codes_are_no_amounts():
    inputs = {"photo": Image(), "title": Text(), "facts": Tabular(["a"])}
    for name in ("title", "facts"):
        with pytest.raises(ArgumentError, match=f"{name}.*`feature_mixup`"):
            augment.Mixup().check({name: inputs[name]})
    augment.Mixup(modalities=["photo"]).check(inputs)
    with pytest.raises(ArgumentError, match="Did you mean 'photo'"):
        augment.Mixup(modalities=["foto"]).check(inputs)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (0, "`alpha`"),
        ("much", "`alpha`"),
        ({"alfa": 0.2}, "Did you mean 'alpha'"),
        ({"per": "pixel"}, "`per`"),
        ({"modalities": "photo"}, "a list of names"),
    ],
)
def test_wrong_settings_are_refused(given, message):
    with pytest.raises(ArgumentError, match=message):
        augment.mixup(given)
