"""Augmentations of texts."""

import numpy as np

from mmfusion.data import Text, WordPieces, augment

SEED = (1, 2)


def _ids(rows=200, length=10):
    random = np.random.default_rng(0)
    ids = np.arange(2, 2 + rows * length).reshape(rows, length)
    lengths = random.integers(0, length + 1, rows)  # Some are empty.
    ids = np.where(np.arange(length) < lengths[:, None], ids, 0)
    return ids.astype("int32"), lengths


def test_dropped_tokens_leave_the_rest_in_order():
    x, lengths = _ids()
    y = augment.DropTokens(0.3)(x, SEED).numpy()
    left = 0
    for before, after, length in zip(x, y, lengths, strict=True):
        kept = after[after > 0]
        np.testing.assert_array_equal(after[len(kept) :], 0)
        assert (np.diff(kept) > 0).all()  # As they were, in order.
        assert set(kept) <= set(before) and (len(kept) > 0) == (length > 0)
        left += len(kept)
    assert abs(left / lengths.sum() - 0.7) < 0.05


def test_replaced_tokens_stay_where_they_were():
    x, lengths = _ids()
    y = augment.DropTokens(0.3, replace=True)(x, SEED).numpy()
    assert set(np.unique(y[y != x])) == {1}
    np.testing.assert_array_equal(y == 0, x == 0)
    assert abs((y[x > 0] == 1).mean() - 0.3) < 0.05


def test_one_token_stays():
    x, lengths = _ids()
    for replace in (False, True):
        y = augment.DropTokens(1.0, replace)(x, SEED).numpy()
        np.testing.assert_array_equal((y > 1).sum(1), lengths > 0)
    assert (augment.DropTokens(1.0)(x, SEED).numpy()[:, 1:] == 0).all()


def test_swaps_are_of_neighbours_and_keep_all_tokens():
    x, lengths = _ids()
    y = augment.SwapTokens(1.0)(x, SEED).numpy()
    np.testing.assert_array_equal(np.sort(y, 1), np.sort(x, 1))
    np.testing.assert_array_equal(y == 0, x == 0)
    moved = []
    for before, after, length in zip(x, y, lengths, strict=True):
        to = [list(after).index(word) for word in before[:length]]
        assert np.abs(np.array(to) - np.arange(length)).max(initial=0) <= 1
        moved.append(to[:2] == [1, 0])
    assert 0.2 < np.mean(moved) < 0.6  # From the first or the second on.
    some = augment.SwapTokens(0.2)(x[lengths == 10], SEED).numpy()
    share = (some != x[lengths == 10]).mean()
    assert 0.12 < share < 0.24  # 9 of 10 are in a pair: 0.18.


def test_special_pieces_stay_and_the_unknown_one_is_that_of_the_modality():
    pieces = ["[PAD]", "w", "[CLS]", "x", "[SEP]", "[UNK]", "y", "z"]
    modality = WordPieces(vocabulary=pieces, length=6)
    x = np.tile([[2, 6, 3, 7, 4, 0]], (50, 1)).astype("int32")
    drop = augment.DropTokens(0.6).of(modality)
    y = drop(x, SEED).numpy()
    assert (y[:, 0] == 2).all() and ((y == 4).sum(1) == 1).all()
    assert ((y > 0).sum(1) >= 3).all() and (y != x).any()
    swap = augment.SwapTokens(1.0).of(modality)
    y = swap(x, SEED).numpy()
    np.testing.assert_array_equal(y[:, [0, 4, 5]], x[:, [0, 4, 5]])
    assert (y != x).any()
    replace = augment.DropTokens(0.6, replace=True).of(modality)
    y = replace(x, SEED).numpy()
    assert set(np.unique(y[y != x])) == {5}
    plain = augment.DropTokens(0.6, replace=True).of(Text())
    assert set(np.unique(plain(x, SEED)[x > 0])) >= {1}


def test_several_texts_of_a_row_are_altered_each_on_its_own():
    x, _ = _ids(12)
    thing = augment.DropTokens(0.4)
    y = thing(x.reshape(4, 3, 10), SEED).numpy()
    np.testing.assert_array_equal(y.reshape(12, 10), thing(x, SEED))


def test_words_of_a_bag_become_zero_and_one_stays():
    random = np.random.default_rng(0)
    x = random.integers(0, 4, (200, 30)).astype("float32")
    x[0] = 0
    y = augment.DropWords(0.3)(x, SEED).numpy()
    np.testing.assert_array_equal(y[y != 0], x[y != 0])
    assert abs((y[x > 0] == 0).mean() - 0.3) < 0.03
    y = augment.DropWords(1.0)(x, SEED).numpy()
    np.testing.assert_array_equal((y > 0).sum(1), [0] + [1] * 199)
