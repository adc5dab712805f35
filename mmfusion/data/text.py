"""Texts, as token ids or as bags of words."""

import collections
import itertools
import math

import keras
import tensorflow as tf

from mmfusion import checks, schema
from mmfusion.data.characters import clean_strings
from mmfusion.data.modality import need_adapted
from mmfusion.data.skip_gram import skip_gram
from mmfusion.data.text_modality import TextModality
from mmfusion.data.vector_settings import resolve_vectors
from mmfusion.data.word_vectors import read_word_vectors
from mmfusion.errors import ArgumentError, DataError
from mmfusion.registry import register

_KINDS = ("ids", "multi_hot", "count", "tf_idf")
# What `keras.layers.TextVectorization` strips, too.
# Above this share of unknown words a text says little.
_MANY_UNKNOWN = 0.3
_PUNCTUATION = r"""[!"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']"""


@register("modality", "text")
class Text(TextModality):
    """A text, as a sequence of token ids or as a bag of words.

    Words are what blanks separate, in lower case, without ASCII punctuation;
    the vocabulary holds the most frequent ones of the training split, ties in
    the order of the alphabet. The canonical value is a str with blanks for
    control characters and none at its ends; `decode` takes UTF-8.

    TF-IDF of a text, `N` texts of which `n_w` have the word `w`:

        count_w * log(1 + N / (1 + n_w))

    scikit-learn's `TfidfVectorizer` has `log((1 + N) / (1 + n_w)) + 1` as the
    second factor, about one more for rare words, and then scales each text to
    length one, which is not done here; its words have two letters or more. The
    first column counts unknown words, times the mean of all second factors.

    Args:
        column: str. Column of a table that holds the texts.
        kind: `"ids"` for int32 `(length,)`, 0 is padding and 1 an unknown
            word; `"multi_hot"`, `"count"` or `"tf_idf"` for float32
            `(vocabulary_size,)`, the first for all unknown words.
        vocabulary_size: int. All ids, the special ones included.
        length: int. Words that are kept, for `"ids"` only.
        optional: bool. Whether a row may come without it. Defaults to False.
        max_bytes: int. Longer texts are refused.

    Example:

    >>> text = Text(kind="ids", vocabulary_size=4, length=3)
    >>> text.adapt(["red wine", "red car"])
    >>> text.transform("Red boat!").numpy()
    array([2, 1, 0], dtype=int32)
    """

    adaptive = True

    def __init__(
        self,
        column=None,
        kind="ids",
        vocabulary_size=8000,
        length=32,
        optional=False,
        max_bytes=1_000_000,
    ):
        super().__init__(column, optional, max_bytes)
        checks.check_choice("Text", "kind", kind, _KINDS)
        checks.check_positive(
            "Text", vocabulary_size=vocabulary_size, length=length
        )
        checks.check_range(
            "Text", "vocabulary_size", vocabulary_size, 3, 10_000_000
        )
        self.kind = kind
        self.vocabulary_size = vocabulary_size
        self.length = length
        self.vocabulary = None
        self._idf = None
        self._counts = None  # Of each word, then of all running words.
        self._layer = None

    @property
    def shape(self):
        ids = self.kind == "ids"
        return (self.length,) if ids else (self.vocabulary_size,)

    @property
    def dtype(self):
        return "int32" if self.kind == "ids" else "float32"

    @property
    def content(self):
        return "ids" if self.kind == "ids" else "bag"

    @property
    def layers(self):
        return [] if self._layer is None else [self._layer]

    def arguments(self):
        return {
            "column": self.columns[0] if self.columns else None,
            "kind": self.kind,
            "vocabulary_size": self.vocabulary_size,
            "length": self.length,
            "optional": self.optional,
            "max_bytes": self.max_bytes,
        }

    def describe(self):
        arguments = {"vocabulary_size": self.vocabulary_size}
        if self.kind == "ids":
            arguments["length"] = self.length
        encoder = "text_gru" if self.kind == "ids" else "text_bag"
        return schema.InputSchema(
            self.shape, self.dtype, self.optional, encoder, arguments
        )

    def transform(self, array):
        layer = need_adapted("Text", self._layer, "a vocabulary")
        words = _words_apart(tf.convert_to_tensor(array))
        out = layer(words[None])[0]
        return tf.ensure_shape(tf.cast(out, self.dtype), self.shape)

    def adapt(self, values):
        words, rows, texts = collections.Counter(), collections.Counter(), 0
        for found in _tokens(values):
            texts += 1
            words.update(found)
            rows.update(set(found))
        if not words:
            raise DataError(
                "`Text` finds no word in the training split to learn a "
                "vocabulary from. Leave this input out, or check its column."
            )
        kept = sorted(words, key=lambda word: (-words[word], word))
        kept = kept[: self.vocabulary_size - (2 if self.kind == "ids" else 1)]
        idf = None
        if self.kind == "tf_idf":
            idf = [math.log(1 + texts / (1 + rows[word])) for word in kept]
        counts = [*(words[word] for word in kept), words.total()]
        self.restore({"vocabulary": kept, "idf": idf, "counts": counts}, {})

    def out_of_vocabulary_rate(self, values) -> float:
        """Share of the words of canonical values that are not known.

        Zero where there is no word at all.
        """
        known = set(need_adapted("Text", self.vocabulary, "a vocabulary"))
        words = [word for found in _tokens(values) for word in found]
        return sum(word not in known for word in words) / max(len(words), 1)

    def findings(self, splits):
        found = []
        if self.kind == "ids":
            for name, texts in splits.items():
                cut = sum(len(words) > self.length for words in _tokens(texts))
                if cut:
                    found.append(
                        f"{cut} of {len(texts)} texts of {name} are longer "
                        f"than `length={self.length}` words and are cut"
                    )
        for name, texts in splits.items():
            rate = self.out_of_vocabulary_rate(texts)
            if name != "train" or rate > _MANY_UNKNOWN:
                many = rate > _MANY_UNKNOWN
                found.append(
                    f"{100 * rate:.1f} % of the words of {name} are unknown"
                    + ("; is it another language or domain?" * many)
                )
        return found

    def word_vectors(self, path, **options):
        """Reads the vectors of this vocabulary from a file.

        Words here have no ASCII punctuation and are in lower case; a word of
        the file serves as it is, or in lower case. `don't` of a file serves
        no word.

        Args:
            path: str or path of a Word2Vec or GloVe file.
            **options: `format`, `words_path`, `fold_case`, `missing` and
                `seed`, as `read_word_vectors` takes them.

        Returns:
            `WordVectors`, for the argument `vectors` of an encoder of ids.
            `print(vectors)` tells how many words have one.

        Raises:
            DataError: If the file has a fault or none of the words.
            ArgumentError: If this is no modality of ids, or has not adapted.
        """
        words = self._words("word_vectors")
        counts = self._counts or [None]
        return read_word_vectors(
            path,
            words,
            self.vocabulary_size,
            counts=counts[:-1] or None,
            tokens=counts[-1],
            **options,
        )

    def skip_gram(self, values, **options):
        """Learns vectors of this vocabulary from texts.

        Args:
            values: iterable of texts, such as those of the training split
                (`data.train.canonical(name)`); None is skipped. They count in
                full, beyond `length`.
            **options: `dim`, `window`, `epochs`, ..., as `skip_gram` takes
                them.

        Returns:
            `WordVectors`, for the argument `vectors` of an encoder of ids.

        Raises:
            DataError: If no text has two known words.
            ArgumentError: If this is no modality of ids, or has not adapted.
        """
        words = self._words("skip_gram")
        ids = {word: i for i, word in enumerate(words, start=2)}
        texts = ([ids.get(w, 1) for w in found] for found in _tokens(values))
        return skip_gram(texts, self.vocabulary_size, words, **options)

    def resolve_encoder(self, settings, folder):
        if settings.get("vectors") is None:
            return settings
        vectors = resolve_vectors(settings["vectors"], folder)
        return {**settings, "vectors": vectors}

    def encoder_arguments(self, settings, values):
        if settings.get("vectors") is None:
            return settings
        options = dict(settings["vectors"])
        if "skip_gram" in options:
            vectors = self.skip_gram(values, **options["skip_gram"])
        else:
            vectors = self.word_vectors(**options)
        return {**settings, "vectors": vectors}

    def _words(self, who):
        if self.kind != "ids":
            raise ArgumentError(
                f"`Text.{who}` expects `kind` to be 'ids': bags of words have "
                f"no word vectors. Received: {self.kind!r}."
            )
        return need_adapted("Text", self.vocabulary, "a vocabulary")

    def state(self):
        return {
            "vocabulary": self.vocabulary,
            "idf": self._idf,
            "counts": self._counts,
        }

    def restore(self, state, arrays):
        known = ("vocabulary", "idf", "counts")
        checks.check_keys("state of a text", state, known)
        self.vocabulary, self._idf = state["vocabulary"], state["idf"]
        self._counts = state.get("counts")  # Older files have none.
        if self.vocabulary is None:
            return
        ids = self.kind == "ids"
        self._layer = keras.layers.TextVectorization(
            max_tokens=self.vocabulary_size,
            standardize=None,  # `_words_apart`, which knows more than ASCII.
            split="whitespace",
            output_mode="int" if ids else self.kind,
            output_sequence_length=self.length if ids else None,
            pad_to_max_tokens=not ids,
            vocabulary=self.vocabulary,
            idf_weights=self._idf,
        )
        self._layer.build((None,))  # An export tracks built layers only.


def _words_apart(texts):
    """Lower case, no punctuation: words with blanks between, any shape."""
    texts = tf.strings.lower(clean_strings(texts), encoding="utf-8")
    return tf.strings.regex_replace(texts, _PUNCTUATION, "")


def _tokens(values, batch=1024):
    """The words of each canonical value, as lists of str."""
    there = (value for value in values if value is not None)
    while texts := list(itertools.islice(there, batch)):
        words = tf.strings.split(_words_apart(tf.constant(texts)))
        for row in words.to_list():
            yield [word.decode("utf-8") for word in row]
