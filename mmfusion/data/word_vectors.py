"""A vector for each word of a vocabulary, and how many words have one."""

import dataclasses
import warnings

import numpy as np

from mmfusion import checks
from mmfusion.data.coverage import coverage_of
from mmfusion.data.vector_files import FORMATS, entries
from mmfusion.errors import ArgumentError, DataError

_FEW = 0.5


class WordVectors:
    """A vector for each id of a vocabulary; an encoder takes it as `vectors`.

    `Text.word_vectors` reads one from a file, `Text.skip_gram` learns one.

    Args:
        table, words, source: as the attributes; `words` may be a list.
        known: as the attribute. Defaults to None: all that have a word.
        coverage: `Coverage`, or None where no file was read.

    Raises:
        ArgumentError: If `table` is no matrix, or has not two rows more than
            there are words.

    Attributes:
        table: float32 `(vocabulary_size, dim)`: zeros for padding (id 0); the
            mean of all known vectors for unknown words (id 1).
        words: tuple of str, of the ids from 2.
        known: `(vocabulary_size,)` bool. Whether the row is a word's own.
        coverage: `Coverage`.
        source: str. Where they come from.

    Example:

    >>> table = np.array([[0, 0], [1, 2], [1, 1], [1, 3]], "float32")
    >>> vectors = WordVectors(table, ["cat", "dog"])
    >>> vectors["dog"].tolist(), vectors.nearest("cat")[0][0]
    ([1.0, 3.0], 'dog')
    """

    def __init__(self, table, words, known=None, coverage=None, source=""):
        self.table = np.asarray(table, "float32")
        self.words = tuple(words)
        if self.table.ndim != 2 or len(self.table) < len(self.words) + 2:
            raise ArgumentError(
                "`WordVectors` expects `table` to have a row for padding, one "
                "for unknown words, and one of each word. Received: shape="
                f"{self.table.shape} with {len(self.words)} words."
            )
        self.known = np.arange(len(self.table)) - 2 < len(self.words)
        self.known[:2] = False
        if known is not None:
            self.known &= known
        self.coverage = coverage
        self.source = source
        self._ids = {word: i for i, word in enumerate(self.words, start=2)}

    @property
    def dim(self):
        """Width of the vectors."""
        return self.table.shape[1]

    def __array__(self, dtype=None, copy=None):
        return np.array(self.table, dtype or "float32", copy=copy)

    def __getitem__(self, word):
        return self.table[self._id(word)]

    def __repr__(self):
        return f"<WordVectors {self.table.shape} of {self.source or 'arrays'}>"

    def __str__(self):
        return f"{self.source}: {self.coverage or repr(self)}"

    def nearest(self, word, count=10):
        """The words whose vectors have the largest cosine with that of one.

        Args:
            word: str, of the vocabulary, with a vector.
            count: int. How many.

        Returns:
            List of `(word, cosine)`, the nearest first.
        """
        own = self._id(word)
        norms = np.maximum(np.linalg.norm(self.table, axis=1), 1e-12)
        cosines = self.table @ self.table[own] / (norms * norms[own])
        cosines[~self.known] = -np.inf
        cosines[own] = -np.inf
        order = np.argsort(-cosines, kind="stable")[:count]
        return [
            (self.words[i - 2], float(cosines[i]))
            for i in order
            if np.isfinite(cosines[i])
        ]

    def describe(self) -> dict:
        """Source, width and coverage, as JSON holds them."""
        plain = {"source": self.source, "dim": int(self.dim)}
        if self.coverage:
            coverage = dataclasses.asdict(self.coverage)
            coverage["missing"] = list(self.coverage.missing)
            coverage["share"] = self.coverage.share
            coverage["token_share"] = self.coverage.token_share
            plain["coverage"] = coverage
        return plain

    def _id(self, word):
        if word not in self._ids:
            raise ArgumentError(
                f"`WordVectors` has no word {word!r} in its vocabulary."
            )
        return self._ids[word]


def read_word_vectors(
    path,
    words,
    vocabulary_size=None,
    counts=None,
    tokens=None,
    format=None,
    words_path=None,
    fold_case=True,
    missing="mean",
    seed=0,
) -> WordVectors:
    """Reads the vectors of a vocabulary from a Word2Vec or GloVe file.

    The file is read as a stream; only vectors of the vocabulary stay in
    memory. A word of the file that equals one of the vocabulary serves it;
    where there is none, the first that does so in lower case (`Paris` serves
    `paris`). A warning says where fewer than half of the running words (of the
    vocabulary, where counts are not known) have a vector.

    Args:
        path: str or path, as `format` says; text and binary may end in `.gz`.
        words: list of str, the words of the ids from 2.
        vocabulary_size: int. All ids. Defaults to `len(words) + 2`.
        counts: list of int, how often each word occurs, for the coverage.
        tokens: int. Running words in all. Defaults to the sum of `counts`.
        format: `"text"` (a word and its numbers a line, with or without a
            first line `count dim`: GloVe, Word2Vec), `"binary"` (Word2Vec) or
            `"npy"`. Defaults to what the suffix says: `.npy`, `.bin`, anything
            else is text.
        words_path: str or path of the words of an `.npy` file, one a line.
            Defaults to `path` with the suffix `.txt`.
        fold_case: bool. Whether a word in capitals may serve.
        missing: str. What a word without a vector gets: `"mean"` of all found,
            `"zeros"`, or `"random"` numbers of the variance of those found.
            The unknown word (id 1) gets the mean, or zeros with `"zeros"`.
        seed: int. Of the random numbers.

    Returns:
        `WordVectors`.

    Raises:
        DataError: If the file cannot be read or has a fault, as
            `file:line: what; how to fix`, or if it has no word of these.
        ArgumentError: If an argument does not fit.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "vectors.txt"
    >>> _ = path.write_text("cat 1 2\\ndog 3 4\\n")
    >>> vectors = read_word_vectors(path, ["dog", "wombat"])
    >>> vectors["dog"].tolist(), vectors.known.tolist()
    ([3.0, 4.0], [False, False, True, False])

    Reference:
        - The formats:
          [word2vec](https://github.com/ronxin/word2vec), `txtvec2bin.c`.
    """
    checks.check_choice("word vectors", "format", format, (None, *FORMATS))
    checks.check_choice("word vectors", "fold_case", fold_case, (True, False))
    checks.check_choice(
        "word vectors", "missing", missing, ("mean", "zeros", "random")
    )
    checks.check_seed("word vectors", seed, bits=63)
    ids = {word: i for i, word in enumerate(words, start=2)}
    size = vocabulary_size or len(words) + 2
    if size < len(words) + 2 or len(ids) < len(words):
        raise ArgumentError(
            f"`read_word_vectors` expects {size - 2} different words at most. "
            f"Received: {len(words)}, {len(ids)} of them different."
        )
    table, places, exact = None, {}, np.zeros(size, bool)

    def find(word):
        if word in ids:
            return ids[word]
        return ids.get(word.lower()) if fold_case else None

    def wanted(word):
        return find(word) is not None

    for place, word, vector in entries(path, wanted, format, words_path):
        row = find(word)
        same = word in ids
        if same and exact[row]:
            line = (
                f"{place}: the word {word!r} has a vector at {places[row]}, "
                "too; remove one of them"
            )
            raise DataError(f"{line}.", [line])
        if table is None:
            table = np.zeros((size, len(vector)), "float32")
        # In capitals, the first counts, and only until the word itself comes.
        if same or row not in places:
            table[row], places[row], exact[row] = vector, place, same
    if table is None:
        raise DataError(
            f"{path}: none of the {len(ids)} words of the vocabulary has a "
            "vector here; check the language, and `fold_case`."
        )
    known = np.zeros(size, bool)
    known[list(places)] = True
    _fill(table, known, len(ids), missing, seed)
    folded = int((known & ~exact).sum())
    coverage = coverage_of(words, known, folded, counts, tokens)
    vectors = WordVectors(table, words, known, coverage, str(path))
    share = coverage.share if counts is None else coverage.token_share
    if share < _FEW:
        warnings.warn(
            f"{vectors}. Check the language and how words are cut.",
            stacklevel=2,
        )
    return vectors


def _fill(table, known, words, missing, seed):
    """Rows without a vector: unknown words, and those that were not found."""
    found = table[known]
    mean = found.mean(axis=0)
    if missing != "zeros":
        table[1] = mean
    rows = np.flatnonzero(~known[: words + 2])[2:]
    if missing == "mean":
        table[rows] = mean
    elif missing == "random":
        # Uniform in [-a, a] has the variance a^2 / 3.
        bound = np.sqrt(3 * found.var())
        random = np.random.default_rng(seed)
        table[rows] = random.uniform(-bound, bound, (len(rows), len(mean)))
