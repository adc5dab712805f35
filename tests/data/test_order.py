"""The order of the rows in one epoch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mmfusion.data.order import dealt, permutation


def _slowly(order, buckets, size):
    """The full batches, bucket by bucket, and what is left in the end."""
    full, rest = [], []
    for bucket in range(max(buckets) + 1):
        for row in order:
            if buckets[row] != bucket:
                continue
            rest.append(int(row))
            if len(rest) == size:
                full.append(rest)
                rest = []
    return full, rest


@settings(max_examples=60, deadline=None)
@given(
    buckets=st.lists(st.integers(0, 4), min_size=1, max_size=40),
    size=st.integers(1, 12),
    epoch=st.integers(0, 10**6),
    seed=st.integers(0, 2**31),
)
def test_dealt_rows_are_full_batches_of_a_bucket_and_the_rest(
    buckets, size, epoch, seed
):
    order = permutation(seed, epoch, len(buckets))
    found = dealt(order, np.array(buckets), size, seed, epoch).tolist()
    assert sorted(found) == list(range(len(buckets)))
    full, rest = _slowly(order, buckets, size)
    steps = [found[i : i + size] for i in range(0, len(found), size)]
    assert sorted(steps[: len(full)]) == sorted(full)
    assert steps[len(full) :] == ([rest] if rest else [])


def test_batches_of_short_rows_do_not_come_first():
    """Else every epoch would end with the long ones."""
    buckets = np.repeat([0, 1], 200)
    firsts = set()
    for epoch in range(20):
        order = permutation(3, epoch, 400)
        found = buckets[dealt(order, buckets, 20, 3, epoch)]
        assert np.abs(np.diff(found)).sum() > 3
        firsts.add(int(found[0]))
    assert firsts == {0, 1}


def test_the_same_epoch_is_the_same_and_another_is_another():
    buckets = np.arange(50) % 3

    def order(seed, epoch):
        rows = permutation(seed, epoch, 50)
        return dealt(rows, buckets, 4, seed, epoch).tolist()

    assert order(0, 5) == order(0, 5)
    assert order(0, 5) != order(0, 6) and order(0, 5) != order(1, 5)
