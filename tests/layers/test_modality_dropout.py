"""ModalityDropout: how often, never the last, never one that is absent."""

import numpy as np
import pytest
from keras import ops

from mmfusion.errors import ArgumentError
from mmfusion.layers import ModalityDropout

ROWS = 4000
RANDOM = np.random.default_rng(0)
FLAGS = {
    "a": np.ones(ROWS, "bool"),
    "b": RANDOM.random(ROWS) < 0.7,
    "c": np.arange(ROWS) < ROWS // 2,
}


def _kept(layer, flags=FLAGS, training=True):
    kept = layer(flags, training=training)
    return {name: ops.convert_to_numpy(flag) for name, flag in kept.items()}


def test_each_goes_as_often_as_the_rate_says():
    kept = _kept(ModalityDropout(0.3, keep_one=False, seed=1))
    for name, flag in FLAGS.items():
        share = kept[name][flag].mean()
        # Five standard deviations of a share of so many rows.
        assert abs(share - 0.7) < 5 * np.sqrt(0.7 * 0.3 / flag.sum())
        assert not kept[name][~flag].any()
    apart = np.corrcoef(kept["a"], kept["b"] | ~FLAGS["b"])[0, 1]
    assert abs(apart) < 5 / np.sqrt(ROWS)


def test_one_stays_where_one_was():
    flags = {
        name: flag & (np.arange(ROWS) % 7 > 0) for name, flag in FLAGS.items()
    }
    kept = _kept(ModalityDropout(0.95, seed=1), flags)
    before, after = (np.stack(list(x.values())).sum(0) for x in (flags, kept))
    np.testing.assert_array_equal(after > 0, before > 0)
    assert (after[before == 1] == 1).all() and (after == 0).any()
    # Which one stays is left to chance, not to the order of the names.
    alone = (before == 3) & (after == 1)
    shares = [kept[name][alone].mean() for name in kept]
    np.testing.assert_allclose(shares, 1 / 3, atol=5 / 3 / np.sqrt(alone.sum()))


def test_nothing_goes_without_training():
    layer = ModalityDropout(0.9)
    for training in (False, None):
        for name, flag in _kept(layer, training=training).items():
            np.testing.assert_array_equal(flag, FLAGS[name])
    for name, flag in _kept(ModalityDropout(0.0)).items():
        np.testing.assert_array_equal(flag, FLAGS[name])


def test_a_seed_makes_the_same_choices():
    first, again, other = (
        _kept(ModalityDropout(0.5, seed=seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first["a"], again["a"])
    assert (first["a"] != other["a"]).any()


def test_the_rate_is_checked():
    with pytest.raises(ArgumentError, match="rate.*1.0"):
        ModalityDropout(1.0)
