"""Word vectors of a vocabulary: which word gets which, and coverage."""

import warnings

import numpy as np
import pytest

from mmfusion.data import Text, WordVectors, read_word_vectors
from mmfusion.errors import ArgumentError, DataError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("Paris 1 1\nparis 2 2\nPARIS 3 3\nRome 4 4\nROME 5 5\n")
    return path


def test_the_word_itself_comes_before_one_in_capitals(path):
    vectors = read_word_vectors(path, ["rome", "paris"])
    assert vectors.table.tolist() == [[0, 0], [3, 3], [4, 4], [2, 2]]
    assert vectors.known.tolist() == [False, False, True, True]
    assert vectors["paris"].tolist() == [2, 2]
    coverage = vectors.coverage
    assert (coverage.found, coverage.folded, coverage.words) == (2, 1, 2)
    assert coverage.token_share is None
    exact = read_word_vectors(path, ["rome", "paris"], fold_case=False)
    assert exact.coverage.missing == ("rome",)
    assert exact.table[2:].tolist() == [[2, 2], [2, 2]]  # The mean.


def test_coverage_counts_words_and_running_words(path):
    words = ["paris", "oslo", "rome", "bern"]
    vectors = read_word_vectors(
        path, words, vocabulary_size=9, counts=[50, 4, 20, 16], tokens=100
    )
    assert vectors.table.shape == (9, 2)
    assert vectors.coverage.share == 0.5
    assert vectors.coverage.token_share == 0.7
    assert vectors.coverage.missing == ("bern", "oslo")
    assert str(vectors) == (
        f"{path}: vectors for 2 of 4 words of the vocabulary (50.0%) and "
        "70.0% of the running words; without one: bern, oslo"
    )
    plain = vectors.describe()
    assert plain["dim"] == 2
    assert plain["coverage"]["missing"] == ["bern", "oslo"]
    # Rows without any word stay zeros.
    assert not vectors.table[6:].any() and not vectors.known[6:].any()


def test_what_a_word_without_a_vector_gets(path):
    words = ["paris", "rome", "oslo", *(f"w{i}" for i in range(400))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Few of these have one.
        zeros = read_word_vectors(path, words, missing="zeros").table
        drawn = read_word_vectors(path, words, missing="random", seed=3).table
        again = read_word_vectors(path, words, missing="random", seed=3).table
    assert not zeros[1].any() and not zeros[4:].any()
    assert drawn[1].tolist() == [3, 3]
    np.testing.assert_array_equal(drawn, again)
    found = np.array([[2, 2], [4, 4]])
    np.testing.assert_allclose(drawn[4:].var(), found.var(), rtol=0.1)
    assert len(np.unique(drawn[4:], axis=0)) == 401


def test_few_words_found_is_a_warning_none_an_error(path):
    with pytest.warns(UserWarning, match="1 of 3 words.*Check the language"):
        read_word_vectors(path, ["rome", "a", "b"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Most running words are covered.
        read_word_vectors(path, ["rome", "a", "b"], counts=[8, 1, 1])
    with pytest.raises(DataError, match="none of the 2 words"):
        read_word_vectors(path, ["a", "b"])


def test_a_word_with_two_vectors_is_an_error(path):
    with open(path, "a") as file:
        file.write("paris 9 9\n")
    with pytest.raises(DataError, match="v.txt:6: .*'paris'.* at .*v.txt:2"):
        read_word_vectors(path, ["paris"])
    read_word_vectors(path, ["rome"])  # Of no concern here.


def test_neighbours_are_words_with_vectors_of_their_own():
    table = [[0, 0], [1, 1], [1, 0], [0.9, 0.1], [-1, 0], [1, 1], [0, 0]]
    known = [False, False, True, True, True, False, False]
    vectors = WordVectors(table, ["a", "b", "c", "none"], known)
    assert [word for word, _ in vectors.nearest("a")] == ["b", "c"]
    assert [word for word, _ in vectors.nearest("a", 1)] == ["b"]
    np.testing.assert_allclose(vectors.nearest("a")[1][1], -1, atol=1e-6)
    with pytest.raises(ArgumentError, match="no word 'z'"):
        vectors["z"]


def test_an_encoder_takes_them_as_they_are(path):
    vectors = read_word_vectors(path, ["paris"])
    np.testing.assert_array_equal(np.asarray(vectors), vectors.table)
    assert np.asarray(vectors, "float64").dtype == "float64"


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"format": "pickle"}, "`format`"),
        ({"missing": "ones"}, "`missing`"),
        ({"fold_case": "no"}, "`fold_case`"),
        ({"seed": -1}, "`seed`"),
        ({"vocabulary_size": 2}, "0 different words"),
    ],
)
def test_arguments_are_checked(arguments, message, path):
    with pytest.raises(ArgumentError, match=message):
        read_word_vectors(path, ["paris"], **arguments)


def test_a_text_brings_its_vocabulary_and_its_counts(path):
    text = Text(vocabulary_size=4, length=2)
    text.adapt(["Paris paris oslo bern", "paris oslo"])
    assert text.vocabulary == ["paris", "oslo"]
    vectors = text.word_vectors(path)
    assert vectors.table.tolist() == [[0, 0], [2, 2], [2, 2], [2, 2]]
    assert vectors.coverage.tokens == 6
    assert vectors.coverage.tokens_found == 3
    # What was written before counts were kept can still be read.
    state = text.state()
    counts = state.pop("counts")
    assert counts == [3, 2, 6]
    older = Text(vocabulary_size=4, length=2)
    older.restore(state, {})
    assert older.word_vectors(path).coverage.tokens is None


def test_a_text_refuses_where_there_are_no_ids(path):
    bag = Text(kind="count", vocabulary_size=4)
    bag.adapt(["paris"])
    with pytest.raises(ArgumentError, match="`kind` to be 'ids'"):
        bag.word_vectors(path)
    with pytest.raises(ArgumentError, match="Call `adapt`"):
        Text().skip_gram(["a b"])


@pytest.mark.parametrize("shape", [(4,), (3, 2), (4, 2, 2)])
def test_a_table_has_a_row_for_every_word(shape):
    with pytest.raises(ArgumentError, match="a row for padding"):
        WordVectors(np.zeros(shape), ["cat", "dog"])
