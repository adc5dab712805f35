"""Small batches are gathered by the group, and nobody sees it."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion import data
from mmfusion.data import groups


def _split(rows):
    x = np.arange(3.0 * rows, dtype="float32").reshape(rows, 3)
    y = np.arange(rows) % 2
    y[:2] = 0, 1
    read = data.from_arrays(
        {"x": x}, {"y": y}, splits={"train": range(rows)}, seed=3
    )
    return read.train


def _epochs(split, count=2, **options):
    dataset = split.batches(8, **options)
    assert dataset.cardinality() == -(-len(split) // 8)
    return [list(dataset.as_numpy_iterator()) for _ in range(count)]


@pytest.mark.parametrize("rows", [2, 7, 8, 9, 127, 128, 129, 136, 260, 1000])
def test_each_epoch_has_each_row_once_in_its_order(rows):
    split = _split(rows)
    for epoch, batches in enumerate(_epochs(split)):
        order = split.order(epoch, 8, shuffle=True)
        sizes = [len(y["y"]) for _, y in batches]
        assert sizes == [8] * (rows // 8) + [rows % 8] * (rows % 8 > 0)
        seen = np.concatenate([x["x"] for x, _ in batches])
        np.testing.assert_array_equal(seen[:, 0], 3 * order)
        labels = np.concatenate([y["y"] for _, y in batches])
        np.testing.assert_array_equal(labels, split.targets["y"][order])


@pytest.mark.parametrize("rows", [9, 128, 261])
def test_what_is_drawn_does_not_depend_on_the_groups(rows, monkeypatch):
    def noisy(x, seed):
        return x + tf.random.stateless_normal(tf.shape(x), seed)

    options = {"augment": {"x": noisy}, "mixup": 0.3, "weight": np.ones(rows)}
    by_group = _epochs(_split(rows), **options)
    monkeypatch.setattr(groups, "_MOST", 1)
    one_by_one = _epochs(_split(rows), **options)
    flat = zip(
        tf.nest.flatten(by_group), tf.nest.flatten(one_by_one), strict=True
    )
    for left, right in flat:
        np.testing.assert_array_equal(left, right)
    first = [x["x"] for x, _, _ in by_group[0]]
    assert len({x[0, 0] for x in first}) == len(first)


def test_large_batches_are_gathered_one_at_a_time():
    arrays = [np.zeros((4000, 50, 50), "uint8"), np.zeros(4000, "int32")]
    dtypes = ["float32", "int32"]
    assert groups.together(arrays, dtypes, 4000, 64) == 3
    assert groups.together(arrays, dtypes, 4000, 512) == 1
    assert groups.together(arrays[1:], dtypes[1:], 4000, 64) == 16
    assert groups.together(arrays[1:], dtypes[1:], 100, 64) == 1
    assert groups.together(arrays[1:], dtypes[1:], 10, 64) == 1
