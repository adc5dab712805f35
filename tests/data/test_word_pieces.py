"""Word pieces: the steps of BERT's tokeniser, the vocabulary, what is cut."""

import json
import pathlib
import sys
import unicodedata

import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion.data import WordPieces, bert_text
from mmfusion.errors import ArgumentError, DataError, MissingExtraError

SENTENCES = json.loads(
    (pathlib.Path(__file__).parents[1] / "golden/sentences.json").read_text()
)
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "w", "##ine", "##s", "!"]


def _chinese(character):
    return any(
        low <= ord(character) <= high
        for low, high in (
            (0x4E00, 0x9FFF),
            (0x3400, 0x4DBF),
            (0x20000, 0x2CEAF),
            (0xF900, 0xFAFF),
            (0x2F800, 0x2FA1F),
        )
    )


def _splits(character):
    kind = unicodedata.category(character)
    ascii_symbol = character in "$+<=>^`|~"
    return kind.startswith("P") or ascii_symbol or _chinese(character)


def _words(text, lower_case):
    """What BERT's own Python does, character by character."""
    out = []
    for character in text:
        kind = unicodedata.category(character)
        if character in "\t\n\r" or kind.startswith("Z"):
            out.append(" ")
        elif not kind.startswith("C") and character != "\ufffd":
            out.append(character)
    text = "".join(out)
    if lower_case:
        text = unicodedata.normalize("NFD", text)
        text = "".join(c for c in text if unicodedata.category(c) != "Mn")
        text = "".join(c.lower() for c in text)
    text = "".join(f" {c} " if _splits(c) else c for c in text)
    return ["\ufffd" if len(w) > 100 else w for w in text.split(" ") if w]


@pytest.mark.parametrize("lower_case", [True, False])
def test_words_are_those_of_the_original(lower_case):
    texts = [*SENTENCES, "\u039f\u0394\u039f\u03a3", "", "a\u00adb\u200bc"]
    apart = bert_text.words_apart(tf.constant(texts), lower_case)
    for text, words in zip(texts, tf.strings.split(apart), strict=True):
        words = [word.decode() for word in words.numpy()]
        assert words == _words(text, lower_case), text


def test_ids_lie_between_start_and_end_and_are_cut_and_padded():
    pieces = WordPieces(vocabulary=PIECES, length=6)
    assert pieces.transform("Wines!").numpy().tolist() == [2, 5, 6, 7, 8, 3]
    assert pieces.transform("red").numpy().tolist() == [2, 4, 3, 0, 0, 0]
    assert pieces.transform("red " * 9).numpy().tolist() == [2, 4, 4, 4, 4, 3]
    assert pieces.transform("boat").numpy().tolist() == [2, 1, 3, 0, 0, 0]
    assert pieces.transform("").numpy().tolist() == [2, 3, 0, 0, 0, 0]
    # What is written in a text is text.
    assert 3 not in pieces.transform("[SEP] red").numpy()[:4].tolist()


def test_case_and_accents_stay_where_they_shall():
    assert WordPieces(vocabulary=PIECES, length=3).transform("R\u00e9d")[1] == 4
    cased = WordPieces(vocabulary=PIECES, length=3, lower_case=False)
    assert cased.transform("Red")[1] == 1 and cased.transform("red")[1] == 4


def test_a_word_of_more_than_a_hundred_characters_is_unknown():
    pieces = WordPieces(vocabulary=[*PIECES, "##w"], length=200)
    assert (pieces.transform("w" * 100).numpy() == 9).sum() == 99
    assert (pieces.transform("w" * 101).numpy()[:3] == [2, 1, 3]).all()


@pytest.mark.parametrize("ending", ["\n", ""])
def test_a_vocabulary_may_be_a_file_or_its_folder(tmp_path, ending):
    file = tmp_path / "vocab.txt"
    odd = [*PIECES, "a\u2028b"]  # Ends no line of the file.
    file.write_text("\n".join(odd) + ending, encoding="utf-8")
    for path in (file, str(file), tmp_path):
        pieces = WordPieces(vocabulary=path, length=6)
        assert pieces.vocabulary == odd
        assert pieces.vocabulary_size == len(odd)
        assert str(tmp_path) not in json.dumps(pieces.settings())


@pytest.mark.parametrize(
    ("vocabulary", "match"),
    [
        ("nowhere.txt", "`nowhere.txt` cannot be read"),
        (7, "path of a file"),
        (PIECES[1:], r"first line must be \[PAD\].*'\[PAD\]'"),
        (PIECES[:3], r"'\[SEP\]'.*missing"),
        ([*PIECES, "red"], "'red' twice"),
        ([*PIECES, 3], "one word piece a line"),
        ([], "is no vocabulary"),
    ],
    ids=str,
)
def test_what_is_no_vocabulary_of_bert_is_refused(vocabulary, match):
    with pytest.raises(ArgumentError, match=match):
        WordPieces(vocabulary=vocabulary)


def test_a_given_vocabulary_is_kept_by_adapt_and_in_a_file(tmp_path):
    pieces = WordPieces(vocabulary=PIECES, length=6)
    mm.data.save_inputs({"title": pieces}, tmp_path)
    twin = mm.data.load_inputs(tmp_path)["title"]
    for one in (pieces, twin):
        assert not one.adaptive
        one.adapt(["quite other words"])
        assert one.vocabulary == PIECES


def test_a_learned_vocabulary_knows_the_words_of_the_split():
    texts = ["the red car", "the cars", "a boat and the red boats"] * 20
    pieces = WordPieces(vocabulary_size=60, length=12)
    pieces.adapt([*texts, None])
    assert pieces.vocabulary[:4] == PIECES[:4]
    assert {"the", "red", "car"} <= set(pieces.vocabulary)
    assert pieces.vocabulary_size <= 60
    ids = pieces.transform("the boats and cars").numpy()
    assert 1 not in ids and ids[0] == 2
    again = WordPieces(vocabulary_size=60, length=12)
    again.adapt(reversed(texts))
    assert again.vocabulary == pieces.vocabulary


def test_a_vocabulary_cannot_be_learned_from_nothing_or_be_too_small():
    with pytest.raises(DataError, match="no word in the training split"):
        WordPieces().adapt([None])
    with pytest.raises(ArgumentError, match="`vocabulary_size`"):
        WordPieces(vocabulary_size=4).adapt(["red"])
    for length in (2, 2.5):
        with pytest.raises(ArgumentError, match="`length`"):
            WordPieces(length=length)


def test_first_used_in_a_graph_it_works_in_the_next_one_too():
    pieces = WordPieces(vocabulary=PIECES, length=4)
    for _ in range(2):
        rows = tf.data.Dataset.from_tensors("red").map(pieces.transform)
        assert next(iter(rows)).numpy().tolist() == [2, 4, 3, 0]


def test_without_tensorflow_text_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    with pytest.raises(MissingExtraError, match="Windows.*`Text`"):
        WordPieces(vocabulary=PIECES).transform("red")


def test_an_exported_model_takes_strings(tmp_path):
    keras_model = mm.models.fusion_model(
        {
            "title": mm.encoders.text_transformer(
                len(PIECES), length=6, units=4, embedding=4, num_layers=1
            )
        },
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(["a", "b"]),
    )
    pieces = WordPieces(vocabulary=PIECES, length=6)
    texts = ["Red wines!", "a boat", "w\u00edne"]
    ids = np.stack([pieces.transform(pieces.read(text)) for text in texts])
    folder = mm.export.saved_model(
        keras_model, tmp_path / "m", {"title": pieces}, {"title": ids}
    )
    served = tf.saved_model.load(folder).signatures["serving_raw"](
        title=tf.constant([*texts, "", b"caf\xe9"])
    )
    np.testing.assert_allclose(
        served["label"][:3],
        keras_model.predict({"title": ids}, verbose=0)["label"],
        atol=1e-6,
    )
    assert [status.decode() for status in served["status"].numpy()] == [
        "ok",
        "ok",
        "ok",
        "title: missing",
        "title: cannot be decoded",
    ]
