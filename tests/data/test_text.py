"""Texts: the vocabulary, the kinds, and what hostile strings do."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from mmfusion.data import BadValue, Text
from mmfusion.data.characters import clean, clean_strings, is_utf8
from mmfusion.errors import ArgumentError, DataError

TEXTS = ["The red car.", "the RED wine, the old one", "a boat's sail"]


def _ready(texts=TEXTS, **arguments):
    text = Text(**{"vocabulary_size": 9, "length": 5, **arguments})
    text.adapt([text.read(value) for value in texts])
    return text


@pytest.mark.parametrize("kind", ["ids", "multi_hot", "count", "tf_idf"])
def test_it_is_what_keras_does_by_itself(kind):
    ours = _ready(kind=kind)
    ids = kind == "ids"
    theirs = keras.layers.TextVectorization(
        max_tokens=9,
        output_mode="int" if ids else kind,
        output_sequence_length=5 if ids else None,
        pad_to_max_tokens=not ids,
    )
    theirs.adapt(TEXTS)
    # Words of one frequency may be in another order: looked up by word.
    words = theirs.get_vocabulary(include_special_tokens=False)
    special = 2 if ids else 1
    place = {word: special + i for i, word in enumerate(words)}
    common = [word for word in ours.vocabulary if word in place]
    assert {"the", "red"} <= set(common)
    # Each text in its own graph: only words that both have kept.
    for sentence in ("the red", "The the THE red! unknown", ""):
        mine = ours.transform(sentence).numpy()
        keras_own = theirs(tf.constant([sentence]))[0].numpy()
        if ids:
            back = {0: 0, 1: 1} | {
                special + i: place.get(word)
                for i, word in enumerate(ours.vocabulary)
            }
            assert [back[i] for i in mine.tolist()] == keras_own.tolist()
            continue
        for word in common:
            i = special + ours.vocabulary.index(word)
            np.testing.assert_allclose(mine[i], keras_own[place[word]])


def test_tf_idf_is_its_formula_and_differs_from_scikit_learn_as_said():
    texts = ["red wine red", "red car boat", "old red boat", "tea"]
    text = _ready(texts, kind="tf_idf")
    counter = CountVectorizer(vocabulary=text.vocabulary)
    counts = counter.transform(texts).toarray()
    rows = (counts > 0).sum(0)
    factor = np.log(1 + 4 / (1 + rows))
    given = np.stack([text.transform(value).numpy() for value in texts])
    words = slice(1, 1 + len(text.vocabulary))
    np.testing.assert_allclose(given[:, words], counts * factor, rtol=1e-6)
    assert not given[:, 0].any()
    unknown = text.transform("beer red ale").numpy()
    np.testing.assert_allclose(unknown[0], 2 * factor.mean(), rtol=1e-6)
    theirs = TfidfTransformer(norm=None).fit(counts)
    np.testing.assert_allclose(theirs.idf_, np.log(5 / (1 + rows)) + 1)
    # With the same second factor and no norm they are the same.
    np.testing.assert_allclose(
        given[:, words] * theirs.idf_ / factor,
        theirs.transform(counts).toarray(),
        rtol=1e-6,
    )


def test_the_most_frequent_words_are_kept_ties_by_the_alphabet():
    text = _ready(["b a c", "c b", "c d"], vocabulary_size=5)
    assert text.vocabulary == ["c", "b", "a"]  # Two of 5 are special.
    bag = _ready(["b a c", "c b", "c d"], vocabulary_size=5, kind="count")
    assert bag.vocabulary == ["c", "b", "a", "d"]


def test_short_texts_are_padded_and_long_ones_cut():
    text = _ready(["a b"], length=3)
    assert text.transform("b").numpy().tolist() == [3, 0, 0]
    assert text.transform("a b zzz a").numpy().tolist() == [2, 3, 1]


def test_a_small_vocabulary_still_fills_the_width():
    for kind in ("multi_hot", "count", "tf_idf"):
        text = _ready(["a b"], vocabulary_size=50, kind=kind)
        assert text.transform("a zzz").shape == (50,)


def test_case_is_folded_beyond_ascii():
    text = _ready(["Été ÜBER", "été über"])
    assert text.vocabulary == ["été", "über"]


def test_the_vocabulary_comes_from_the_training_split_only():
    text = _ready(["a b"])
    assert text.out_of_vocabulary_rate(["a c", "c d"]) == 0.75
    assert text.out_of_vocabulary_rate([None, "!!!"]) == 0.0
    with pytest.raises(ArgumentError, match="Call `adapt`"):
        Text().out_of_vocabulary_rate(["a"])


def test_nothing_to_learn_from_is_an_error():
    for values in ([], [None, None], ["!!!"]):
        with pytest.raises(DataError, match="no word in the training split"):
            Text().adapt(values)


def test_control_characters_separate_words():
    text = _ready(["red\0wine\x07\ttea\0"])
    assert text.vocabulary == ["red", "tea", "wine"]
    assert text.read("\0 red\r\nwine\0") == "red  wine"


def test_special_words_and_marks_are_only_words():
    odd = "[UNK] \u200frtl\u200e 😀 \ufeffbom \ufffd \ud7ff \U0010ffff"
    text = _ready([odd, odd], vocabulary_size=20)
    assert "unk" in text.vocabulary
    assert 1 not in text.transform(text.read(odd)).numpy()[:5]


@pytest.mark.parametrize(
    "value, message, reason",
    [
        ("a" * 101, "101 bytes, more than `max_bytes=100`", "too large"),
        ("é" * 51, "102 bytes", "too large"),
        (b"caf\xe9", "not UTF-8 at byte 3; save", "cannot be decoded"),
        ("ab\ud800", "not UTF-8 at character 2", "cannot be decoded"),
        (3.5, "expects text, received a float", "cannot be decoded"),
        (" \0 ", "holds no text", "missing"),
    ],
)
def test_what_is_no_text_is_refused(value, message, reason):
    with pytest.raises(BadValue, match=message) as caught:
        Text(max_bytes=100).read(value)
    assert caught.value.reason == reason


def test_missing_is_an_empty_cell_and_never_a_word():
    text = Text()
    for value in (None, "", " \t\n", "\0", b"", float("nan")):
        assert text.is_missing(value)
    for value in ("NA", "nan", "None", "null", "0"):
        assert not text.is_missing(value)


def test_ten_megabytes_do_no_harm():
    text = _ready(max_bytes=20_000_000)
    long = text.read("red " * 2_500_000)
    assert text.transform(long).numpy().tolist() == [3] * 5


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.binary(max_size=12) | some.text(max_size=8).map(str.encode))
def test_graph_and_host_agree_on_utf_8_and_on_blanks(raw):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        assert not is_utf8(tf.constant(raw))
        return
    assert is_utf8(tf.constant(raw))
    assert clean_strings(tf.constant(raw)).numpy().decode() == clean(text)


def test_arguments_are_checked():
    for arguments, message in (
        ({"kind": "bag"}, "`kind`"),
        ({"vocabulary_size": 2}, "`vocabulary_size`"),
        ({"length": 0}, "`length`"),
        ({"column": ["a"]}, "`column`"),
    ):
        with pytest.raises(ArgumentError, match=message):
            Text(**arguments)
