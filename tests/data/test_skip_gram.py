"""skip_gram: every part against its formula, and planted neighbours."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import Text, skip_gram
from mmfusion.data.skip_gram import pair_loss
from mmfusion.data.word_pairs import (
    keep_probability,
    noise_distribution,
    pairs,
)
from mmfusion.errors import ArgumentError, DataError

TOPICS, WORDS, COMMON = 4, 5, 3


def planted(rows=150, seed=0):
    """Texts of one topic each, and words that stand everywhere."""
    random = np.random.default_rng(seed)
    for _ in range(rows):
        topic = random.integers(TOPICS)
        text = random.integers(0, WORDS, 10) + 2 + COMMON + topic * WORDS
        common = random.random(10) < 0.3
        text[common] = 2 + random.integers(0, COMMON, common.sum())
        yield text


def _topic(word):
    return (int(word) - 2 - COMMON) // WORDS


def test_words_of_one_topic_become_neighbours():
    size = 2 + COMMON + TOPICS * WORDS
    vectors = skip_gram(planted(), size, dim=8, epochs=20, batch_size=256)
    for word in range(2 + COMMON, size):
        near = [w for w, _ in vectors.nearest(str(word), WORDS - 1)]
        assert {_topic(w) for w in near} == {_topic(word)}


def test_the_same_seed_gives_the_same_vectors():
    one, same, other = (
        skip_gram(planted(20), 25, dim=4, epochs=1, seed=seed).table
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1e-3


def test_frequent_words_are_left_out_as_the_paper_says():
    counts = np.array([0, 0, 900, 99, 1])
    kept = keep_probability(counts, 0.01)
    # One minus P(w) = 1 - sqrt(t / f(w)), at most one.
    np.testing.assert_allclose(
        kept, [1, 1, np.sqrt(0.01 / 0.9), np.sqrt(0.01 / 0.099), 1]
    )
    assert (keep_probability(counts, 0) == 1).all()


def test_negatives_are_drawn_by_counts_to_the_three_quarters():
    given = noise_distribution(np.array([0, 0, 16, 81, 1]))
    np.testing.assert_allclose(given, np.array([0, 0, 8, 27, 1]) / 36)


def test_pairs_are_those_of_each_words_own_window():
    texts = np.array([0, 0, 0, 0, 1, 1])
    reach = np.array([1, 2, 3, 1, 2, 1])
    expected = {
        (i, j)
        for i in range(6)
        for j in range(6)
        if i != j and texts[i] == texts[j] and abs(i - j) <= reach[i]
    }
    given = list(zip(*pairs(texts, reach, 3), strict=True))
    assert len(given) == len(set(given))
    assert set(given) == expected


def test_the_loss_of_a_batch_is_the_formula():
    random = np.random.default_rng(0)
    v, u = random.normal(size=(2, 4, 3)) * 3
    noise = random.normal(size=(4, 5, 3)) * 3
    valid = random.random((4, 5)) < 0.7

    def log_sigmoid(x):
        return -np.log1p(np.exp(-x))

    expected = [
        -log_sigmoid(u[b] @ v[b])
        - sum(log_sigmoid(-noise[b, k] @ v[b]) for k in range(5) if valid[b, k])
        for b in range(4)
    ]
    given = pair_loss(*map(tf.constant, (v, u, noise, valid)))
    np.testing.assert_allclose(given, expected, rtol=1e-6)
    huge = pair_loss(*map(tf.constant, (v * 1e3, u, noise, valid)))
    assert np.isfinite(huge).all()


def test_words_that_do_not_occur_have_the_mean_and_padding_zeros():
    vectors = skip_gram(
        [[2, 3, 0, 0], [3, 2, 1]], 5, ["a", "b", "c"], dim=4, subsample=0
    )
    table = vectors.table
    np.testing.assert_array_equal(table[0], np.zeros(4))
    for row in (1, 4):
        np.testing.assert_allclose(table[row], table[2:4].mean(0), rtol=1e-5)
    assert vectors.known.tolist() == [False, False, True, True, False]
    assert vectors.coverage.missing == ("c",)


def test_unknown_words_are_passed_over():
    one = skip_gram([[2, 1, 3, 0]], 4, dim=3, subsample=0).table
    same = skip_gram([[2, 3]], 4, dim=3, subsample=0).table
    np.testing.assert_array_equal(one, same)


def test_a_text_learns_from_whole_texts():
    text = Text(vocabulary_size=5, length=1)
    values = ["Red wine, red car", None, "car wine wine"]
    text.adapt(value for value in values if value)
    vectors = text.skip_gram(values, dim=3, epochs=1, subsample=0)
    assert vectors.words == tuple(text.vocabulary)
    assert vectors.coverage.tokens == 7
    ids = [
        [text.vocabulary.index(w) + 2 for w in words.split()]
        for words in ("red wine red car", "car wine wine")
    ]
    by_hand = skip_gram(ids, 5, dim=3, epochs=1, subsample=0)
    np.testing.assert_array_equal(vectors.table, by_hand.table)


@pytest.mark.parametrize(
    "texts, arguments, error, message",
    [
        ([], {}, DataError, "two known words"),
        ([[2], [1, 1, 0]], {}, DataError, "two known words"),
        ([[2, 9]], {}, ArgumentError, "ids below 4. Received: 9"),
        (["red wine"], {}, ArgumentError, "Text.skip_gram"),
        ([[2, 3]], {"subsample": 1e-9}, DataError, "no pair of words left"),
        ([[2, 3]], {"window": 0}, ArgumentError, "`window`"),
        ([[2, 3]], {"subsample": -1}, ArgumentError, "`subsample`"),
        ([[2, 3]], {"learning_rate": 0}, ArgumentError, "`learning_rate`"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(
    texts, arguments, error, message
):
    with pytest.raises(error, match=message):
        skip_gram(texts, 4, **arguments)
