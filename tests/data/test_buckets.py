"""Batches of rows of like lengths."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from mmfusion.data.buckets import least_padding, lengths_of
from mmfusion.data.column import Column
from mmfusion.errors import ArgumentError
from tests.data import lengths
from tests.data.lengths import rows_of

BOTH = {"title": [2, 6], "walk": [4]}


def test_a_row_ends_behind_the_last_step_that_counts():
    there = np.array([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0]])
    present = np.ones(4, "bool")
    ids = Column(None, None, there * 5, present)
    assert lengths_of(ids).tolist() == [3, 0, 4, 2]
    mask = there.astype(bool)
    masked = Column(None, None, np.ones((4, 4, 2)), present, mask)
    assert lengths_of(masked).tolist() == [3, 0, 4, 2]
    # Two rows that share what is stored.
    shared = Column(
        None, None, there[:2], present, index=np.array([0, 1, 0, 1])
    )
    assert lengths_of(shared).tolist() == [3, 0, 3, 0]


def _needed(boundaries, of_rows, rows):
    """The least boundary that holds the longest of some rows."""
    longest = max(of_rows[row] for row in rows)
    return min(b for b in boundaries if b >= longest)


def test_each_batch_is_cut_to_what_its_longest_row_needs():
    train = lengths.data().train
    batches = train.batches(3, buckets=BOTH)
    x, _ = batches.element_spec
    assert x["title"].shape.as_list() == [None, None]
    assert x["walk"].shape.as_list() == [None, None, 2]
    assert x["walk_mask"].shape.as_list() == [None, None]
    assert int(batches.cardinality()) == 6
    seen = []
    for x, _ in batches:
        rows = rows_of(x)
        seen.append(x["title"].shape[1])
        assert x["title"].shape[1] == _needed([2, 6, 12], lengths.TEXTS, rows)
        steps = _needed([4, 9], lengths.VECTORS, rows)
        assert x["walk"].shape[1] == x["walk_mask"].shape[1] == steps
    assert set(seen) == {2, 6, 12}


def test_nothing_but_padding_is_cut_and_every_row_comes_once():
    train = lengths.data().train
    whole, labels = train.arrays()
    for _ in range(2):
        found = []
        for x, y in train.batches(3, buckets=BOTH):
            rows = rows_of(x)
            found.extend(rows)
            np.testing.assert_array_equal(y["label"], labels["label"][rows])
            for key in ("title", "walk", "walk_mask"):
                full = whole[key][rows]
                steps = x[key].shape[1]
                np.testing.assert_array_equal(x[key], full[:, :steps])
                assert not full[:, steps:].any()
            np.testing.assert_array_equal(
                x["title_present"], whole["title_present"][rows]
            )
        assert sorted(found) == list(range(len(train)))


def test_ids_name_the_rows_of_every_batch():
    train = lengths.data().train
    batches = train.batches(5, buckets={"title": [2, 6]})
    found = [[rows_of(x).tolist() for x, _ in batches] for _ in range(3)]
    for epoch, steps in enumerate(found):
        for step, rows in enumerate(steps):
            assert train.ids(epoch, step) == [f"r{row}" for row in rows]
            assert train.ids(epoch, step, batch_size=5) == train.ids(
                epoch, step
            )
    assert found[0] != found[1]
    (first, *_) = train.batches(5, initial_epoch=2, buckets={"title": [2, 6]})
    assert rows_of(first[0]).tolist() == found[2][0]
    train.batches(5)
    assert train.ids(0, 0) != [f"r{row}" for row in found[0][0]]


def test_without_buckets_the_order_is_as_it_was():
    train = lengths.data().train
    expected = np.random.default_rng([0, 0]).permutation(16).tolist()
    for none in ({}, {"buckets": None}, {"buckets": {}}):
        batches = train.batches(16, **none)
        ((x, _),) = batches
        assert rows_of(x).tolist() == expected
        assert x["title"].shape == (16, 12)
        assert batches.element_spec[0]["title"].shape == (None, 12)


def test_balanced_epochs_are_dealt_too():
    train = lengths.data().train
    options = {"balanced": "label"}
    plain = [rows_of(x) for x, _ in train.batches(4, **options)]
    dealt = train.batches(4, **options, buckets={"title": [2, 6]})
    found = [rows_of(x) for x, _ in dealt]
    assert sorted(np.concatenate(found)) == sorted(np.concatenate(plain))
    assert [x["title"].shape[1] for x, _ in dealt] != [12] * 4
    assert train.ids(0, 1) == [f"r{row}" for row in found[1]]


def test_augmentation_comes_before_the_cut():
    train = lengths.data(optional=False).train
    buckets = {"title": [2, 6]}
    drop = {"title": ["drop_tokens"]}
    altered = train.batches(3, buckets=buckets, augment=drop)
    plain = train.batches(3, buckets=buckets)
    for (x, _), (y, _) in zip(altered, plain, strict=True):
        assert x["title"].shape == y["title"].shape
    longer = {"title": [lambda ids, seed: ids * 0 + 3]}
    with pytest.raises(tf.errors.InvalidArgumentError, match="made a text of"):
        list(train.batches(3, buckets=buckets, augment=longer))


def test_a_number_of_buckets_is_chosen_from_the_training_split():
    train = lengths.data().train
    batches = train.batches(4, buckets={"title": 3})
    some = np.array([n for n in lengths.TEXTS[:16] if n])
    expected = least_padding(some, 3, lengths.LENGTH)
    assert batches.buckets == {"title": expected} and len(expected) == 3
    assert {x["title"].shape[1] for x, _ in batches} <= set(expected)


def _places(boundaries, rows):
    return sum(min(b for b in boundaries if b >= row) for row in rows)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.integers(1, 16), min_size=1, max_size=20),
    count=st.integers(1, 5),
)
def test_no_other_boundaries_leave_less_to_pad(rows, count):
    found = least_padding(np.array(rows), count, 16)
    assert found == sorted(set(found)) and found[-1] == max(rows)
    assert len(found) == min(count, len(set(rows)))
    every = itertools.combinations(range(1, 17), len(found))
    best = min(
        _places(chosen, rows) for chosen in every if chosen[-1] >= max(rows)
    )
    assert _places(found, rows) == best


@pytest.mark.parametrize(
    ("rows", "count", "full", "expected"),
    [
        ([0, 0, 0], 4, 10, [10]),  # Nothing there.
        ([0, 0, 0, 1, 2, 3, 4], 4, 10, [1, 2, 3, 4]),
        ([7, 13, 14, 90], 3, 96, [12, 18, 90]),  # Sixteenths, rounded up.
        ([90, 91], 2, 92, [90, 92]),  # Not beyond the full length.
        ([5, 6, 7, 8], 1, 96, [12]),
        (range(1, 513), 8, 512, list(range(64, 513, 64))),
    ],
)
def test_boundaries_are_sixteenths_of_the_full_length(
    rows, count, full, expected
):
    assert least_padding(np.array(rows), count, full) == expected


@pytest.mark.parametrize(
    ("buckets", "message"),
    [
        ({"titel": [2]}, "Did you mean 'title'"),
        ({"number": [2]}, "'number' to be a text of ids.* Vector"),
        ({"title": [2, 13]}, r"'title' up to 12.*\[2, 13\]"),
        ({"title": [6, 2]}, r"ascending.*\[6, 2\]"),
        ({"title": [0, 2]}, "above zero"),
        ({"title": [2, 2]}, "ascending"),
        ({"title": []}, r"Received: \[\]"),
        ({"title": 0}, "Received: 0"),
        ({"title": True}, "Received: True"),
        ({"title": [2.5]}, "whole numbers"),
        ({"title": "2"}, "Received: '2'"),
        ([2, 6], "a dict of modality name"),
    ],
)
def test_what_is_wrong_is_refused(buckets, message):
    train = lengths.data().train
    with pytest.raises(ArgumentError, match=message):
        train.batches(3, buckets=buckets)


def test_they_are_for_the_training_split_shuffled():
    data = lengths.data()
    with pytest.raises(ArgumentError, match="`buckets` is for the training"):
        data.validation.batches(3, buckets={"title": [2]})
    with pytest.raises(ArgumentError, match="leave out `shuffle=False`"):
        data.train.batches(3, shuffle=False, buckets={"title": [2]})
    with pytest.raises(ArgumentError, match="modality 'title'"):
        data.train.batches(3, buckets={"title": [2]}, modalities=["walk"])
