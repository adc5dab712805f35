"""Texts as the word pieces that BERT and its descendants read."""

import collections
import itertools
import pathlib

import tensorflow as tf

from mmfusion import checks, schema
from mmfusion.data.bert_text import (
    MAX_BYTES_PER_WORD,
    tensorflow_text,
    words_apart,
)
from mmfusion.data.modality_checks import need_adapted
from mmfusion.data.text_modality import TextModality
from mmfusion.errors import ArgumentError, DataError
from mmfusion.registry import register

PADDING, UNKNOWN, START, END = SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


@register("modality", "word_pieces", paths=("vocabulary",))
class WordPieces(TextModality):
    """A text, as the ids of word pieces between `[CLS]` and `[SEP]`.

    For encoders that were trained on such ids (with their own `vocab.txt`),
    and for texts with many rare words: an unknown word falls into known
    pieces. The ids are those of Hugging Face's BERT tokeniser, but for
    characters that Unicode has known for a few years only; a control character
    separates words here, and `[SEP]` within a text is text. A served model
    needs the operators of TensorFlow Text: `import tensorflow_text` in Python.

    Args:
        column: str. Column of a table that holds the texts.
        vocabulary: what to look up: path of a file with one piece a line, of a
            folder with such a `vocab.txt`, or a list of str. `[PAD]` comes
            first; a piece within a word begins with `##`. None: `adapt` learns
            one from the training split. It is kept in the state of the
            modality, its path is not.
        vocabulary_size: int. Pieces to learn at most, the special ones
            included; that of a given vocabulary takes its place.
        length: int. Ids that are kept, `[CLS]` and `[SEP]` included.
        lower_case: bool. Whether to drop case and accents, as the vocabulary
            expects it. Defaults to True.
        optional: bool. Whether a row may come without it. Defaults to False.
        max_bytes: int. Longer texts are refused.

    Raises:
        ArgumentError: If the vocabulary cannot be read or lacks a special
            piece.
        MissingExtraError: Without TensorFlow Text (there is none for Windows).

    Example:

    >>> pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "wine", "##s", "!"]
    >>> WordPieces(vocabulary=pieces, length=6).transform("Wines!").numpy()
    array([2, 4, 5, 6, 3, 0], dtype=int32)
    """

    content = "ids"

    def __init__(
        self,
        column=None,
        vocabulary=None,
        vocabulary_size=8000,
        length=64,
        lower_case=True,
        optional=False,
        max_bytes=1_000_000,
    ):
        super().__init__(column, optional, max_bytes)
        checks.check_range("WordPieces", "length", length, 3, 1_000_000)
        checks.check_positive(
            "WordPieces", length=length, vocabulary_size=vocabulary_size
        )
        checks.check_choice(
            "WordPieces", "lower_case", lower_case, (True, False)
        )
        self.length = length
        self.lower_case = lower_case
        self.most = vocabulary_size
        self.vocabulary = None
        self.adaptive = vocabulary is None
        self._tokenizer = None
        if vocabulary is not None:
            self._take(_pieces(vocabulary))

    @property
    def vocabulary_size(self):
        return self.most if self.vocabulary is None else len(self.vocabulary)

    @property
    def shape(self):
        return (self.length,)

    @property
    def dtype(self):
        return "int32"

    @property
    def unknown_id(self):
        return self._need().index(UNKNOWN)

    @property
    def special_ids(self):
        return [self._need().index(piece) for piece in (START, END)]

    def arguments(self):
        return {
            "column": self.columns[0] if self.columns else None,
            "vocabulary_size": self.most,
            "length": self.length,
            "lower_case": self.lower_case,
            "optional": self.optional,
            "max_bytes": self.max_bytes,
        }

    def describe(self):
        return schema.InputSchema(
            self.shape,
            self.dtype,
            self.optional,
            "text_transformer",
            {"vocabulary_size": self.vocabulary_size, "length": self.length},
        )

    def transform(self, array):
        vocabulary = self._need()
        if self._tokenizer is None:
            with tf.init_scope():  # Its constants outlive this graph.
                self._tokenizer = _tokenizer(vocabulary)
        text = tf.convert_to_tensor(array)
        words = words_apart(text[None], self.lower_case)
        pieces = self._tokenizer.tokenize(words).values[: self.length - 2]
        start, end = vocabulary.index(START), vocabulary.index(END)
        ids = tf.concat([[start], pieces, [end]], axis=0)
        ids = tf.pad(ids, [[0, self.length - tf.size(ids)]])
        return tf.ensure_shape(ids, self.shape)

    def adapt(self, values):
        if not self.adaptive:
            return
        checks.check_range(
            "WordPieces",
            "vocabulary_size",
            self.most,
            len(SPECIAL) + 1,
            10_000_000,
        )
        words = collections.Counter()
        there = (value for value in values if value is not None)
        while texts := list(itertools.islice(there, 1024)):
            apart = words_apart(tf.constant(texts), self.lower_case)
            for row in tf.strings.split(apart).to_list():
                words.update(word.decode("utf-8") for word in row)
        if not words:
            raise DataError(
                "`WordPieces` finds no word in the training split to learn a "
                "vocabulary from. Leave this input out, or check its column."
            )
        self._take(_learned(words, self.most))

    def state(self):
        return {"vocabulary": self.vocabulary, "learned": self.adaptive}

    def restore(self, state, arrays):
        checks.check_keys(
            "state of word pieces", state, ("vocabulary", "learned")
        )
        self.adaptive = state["learned"]
        if state["vocabulary"] is not None:
            self._take(_checked("state of word pieces", state["vocabulary"]))

    def _need(self):
        return need_adapted("WordPieces", self.vocabulary, "a vocabulary")

    def _take(self, vocabulary):
        self.vocabulary = vocabulary
        self._tokenizer = None


def _pieces(vocabulary):
    """The pieces of a list, a file or a folder."""
    if isinstance(vocabulary, (list, tuple)):
        return _checked("`vocabulary`", list(vocabulary))
    if not isinstance(vocabulary, (str, pathlib.Path)):
        raise ArgumentError(
            "`WordPieces` expects `vocabulary` to be the path of a file or "
            f"a folder, or a list of str. Received: {vocabulary!r}."
        )
    path = pathlib.Path(vocabulary)
    path = path / "vocab.txt" if path.is_dir() else path
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ArgumentError(
            f"The vocabulary `{path}` cannot be read: {why}."
        ) from error
    # Only "\n" ends a line: other separators of Unicode may be pieces.
    return _checked(f"`{path}`", text.removesuffix("\n").split("\n"))


def _checked(who, pieces):
    """Pieces are strings, each once, with the special ones among them."""
    if not all(isinstance(piece, str) for piece in pieces):
        raise ArgumentError(f"{who} must hold one word piece a line.")
    lacking = [piece for piece in SPECIAL if piece not in pieces]
    if lacking or pieces[0] != PADDING:
        raise ArgumentError(
            f"{who} is no vocabulary of BERT: the first line must be "
            f"{PADDING}, and {lacking or 'no special piece'} is missing. "
            f"Received: {pieces[:3]}, {len(pieces)} lines."
        )
    if len(set(pieces)) < len(pieces):
        twice = collections.Counter(pieces).most_common(1)[0][0]
        raise ArgumentError(f"{who} holds the word piece {twice!r} twice.")
    return pieces


def _tokenizer(vocabulary):
    return tensorflow_text().FastWordpieceTokenizer(
        vocab=vocabulary,
        token_out_type=tf.int32,
        max_bytes_per_word=MAX_BYTES_PER_WORD,
    )


def _learned(words, size):
    """Pieces from counted words, with TensorFlow Text's own learner."""
    tensorflow_text()
    from tensorflow_text.tools.wordpiece_vocab import (
        wordpiece_tokenizer_learner_lib as learner,
    )

    found = learner.learn(
        sorted(words.items()),
        vocab_size=size,
        reserved_tokens=list(SPECIAL),
        # Of a few rows a piece may be seen once or twice.
        lower_thresh=1 if len(words) < 10_000 else 10,
    )
    rest = [piece for piece in found if piece not in SPECIAL]
    return [*SPECIAL, *rest][:size]
