"""Runs of words and bags, against scikit-learn and TensorFlow."""

import numpy as np
import pytest
import tensorflow as tf
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize as unit_rows

from mmfusion.data import Text
from mmfusion.data.words import runs
from mmfusion.errors import ArgumentError

TEXTS = [
    "not so good, not so good at all",
    "so good so good so good",
    "good at all times",
    "not at all",
]


def _ready(**arguments):
    text = Text(**{"vocabulary_size": 40, "length": 12, **arguments})
    text.adapt(TEXTS)
    return text


@pytest.mark.parametrize("longest", [1, 2, 3])
def test_runs_are_those_of_tensorflow(longest):
    for words in (["a", "b", "a", "c"], ["a"], []):
        theirs = tf.strings.ngrams(
            tf.constant(words, tf.string), list(range(1, longest + 1))
        )
        assert [x.decode() for x in theirs.numpy()] == runs(words, longest)


@pytest.mark.parametrize("longest", [1, 2, 3])
def test_counts_of_runs_are_those_of_scikit_learn(longest):
    text = _ready(kind="count", ngrams=longest)
    theirs = CountVectorizer(
        ngram_range=(1, longest), token_pattern=r"(?u)\b\w+\b"
    )
    expected = theirs.fit_transform(TEXTS).toarray()
    given = np.stack([text.transform(value).numpy() for value in TEXTS])
    assert sorted(text.vocabulary) == sorted(theirs.get_feature_names_out())
    for place, name in enumerate(text.vocabulary, start=1):
        column = theirs.vocabulary_[name]
        np.testing.assert_array_equal(given[:, place], expected[:, column])


@pytest.mark.parametrize("sublinear", [False, True])
@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("longest", [1, 2])
def test_bags_are_weighed_as_by_scikit_learn(longest, sublinear, normalize):
    text = _ready(
        kind="tf_idf",
        ngrams=longest,
        sublinear=sublinear,
        normalize=normalize,
        vocabulary_size=9,  # Some are unknown.
    )
    counts = CountVectorizer(
        vocabulary=text.vocabulary,
        ngram_range=(1, longest),
        token_pattern=r"(?u)\b\w+\b",
    ).transform([*TEXTS, "not so unknown", "unknown"])
    rows = np.asarray((counts[: len(TEXTS)] > 0).sum(axis=0))[0]
    expected = counts.toarray().astype("float64")
    if sublinear:
        there = expected > 0
        expected[there] = 1 + np.log(expected[there])
    expected = expected * np.log(1 + len(TEXTS) / (1 + rows))
    if normalize:
        expected = unit_rows(expected)
    given = np.stack(
        [
            text.transform(value).numpy()
            for value in [*TEXTS, "not so unknown", "unknown"]
        ]
    )
    words = slice(1, 1 + len(text.vocabulary))
    np.testing.assert_allclose(given[:, words], expected, atol=1e-6)
    if sublinear or normalize:  # Unknown words weigh nothing.
        assert not given[:, 0].any()


def test_ids_of_runs_come_after_those_of_words():
    text = _ready(kind="ids", ngrams=2)
    ids = {word: place for place, word in enumerate(text.vocabulary, start=2)}
    given = text.transform("not so good unknown").numpy().tolist()
    expected = [ids[w] for w in ("not", "so", "good")] + [1]
    expected += [ids["not so"], ids["so good"], 1]
    assert given == expected + [0] * 5


def test_an_object_comes_back_as_it_was():
    text = _ready(kind="tf_idf", ngrams=2, sublinear=True, normalize=True)
    again = Text.from_arguments(text.arguments())
    again.restore(text.state(), {})
    for value in TEXTS:
        np.testing.assert_array_equal(
            again.transform(value), text.transform(value)
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ngrams": 0}, "`ngrams`"),
        ({"ngrams": 6}, "`ngrams` to be between 1 and 5"),
        ({"kind": "count", "normalize": True}, "`normalize` with `kind='tf_"),
        ({"kind": "ids", "sublinear": True}, "`sublinear` with `kind='tf_idf"),
        ({"kind": "tf_idf", "sublinear": 1.5}, "one of True, False"),
    ],
)
def test_arguments_that_cannot_be(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        Text(**arguments)


def test_vectors_of_single_words_only():
    with pytest.raises(ArgumentError, match="`ngrams` to be 1. Received: 2"):
        _ready(ngrams=2).skip_gram(TEXTS)
