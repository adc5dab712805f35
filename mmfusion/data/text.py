"""Texts, as token ids or as bags of words."""

import tensorflow as tf

from mmfusion import checks, schema
from mmfusion.data.modality_checks import need_adapted
from mmfusion.data.text_findings import texts_cut, texts_unknown, unknown_share
from mmfusion.data.text_with_vectors import TextWithVectors
from mmfusion.data.vocabulary import learned_vocabulary, vocabulary_layer
from mmfusion.data.words import bag, words_apart
from mmfusion.errors import ArgumentError
from mmfusion.registry import register

_KINDS = ("ids", "multi_hot", "count", "tf_idf")


@register("modality", "text")
class Text(TextWithVectors):
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

    With `ngrams=2` the vocabulary holds pairs of neighbouring words, too, and
    `not good` is something of its own; in a text of ids they come after all
    words. With `sublinear` a count above one becomes `1 + log(count)`, with
    `normalize` the bag `v` of a text `v / |v|_2`; these two leave the first
    column zero, so that unknown words weigh nothing. All three together are
    what linear classifiers of texts are usually given.

    Args:
        column: str. Column of a table that holds the texts.
        kind: `"ids"` for int32 `(length,)`, 0 is padding and 1 an unknown
            word; `"multi_hot"`, `"count"` or `"tf_idf"` for float32
            `(vocabulary_size,)`, the first for all unknown words.
        vocabulary_size: int. All ids, the special ones included.
        length: int. Words that are kept, for `"ids"` only.
        optional: bool. Whether a row may come without it. Defaults to False.
        max_bytes: int. Longer texts are refused.
        ngrams: int. The longest runs of words in the vocabulary, 1 to 5.
        sublinear: bool. Whether counts are damped, for `"tf_idf"` only.
        normalize: bool. Whether the bag of each text has length one, for
            `"tf_idf"` only.

    Raises:
        ArgumentError: If an argument does not fit.
        BadValue: By `read`, if a value is no text, or one too long.

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
        ngrams=1,
        sublinear=False,
        normalize=False,
    ):
        super().__init__(column, optional, max_bytes)
        checks.check_choice("Text", "kind", kind, _KINDS)
        sizes = {"vocabulary_size": vocabulary_size, "length": length}
        checks.check_positive("Text", **sizes, ngrams=ngrams)
        checks.check_range(
            "Text", "vocabulary_size", vocabulary_size, 3, 10_000_000
        )
        checks.check_range("Text", "ngrams", ngrams, 1, 5)
        weights = {"sublinear": sublinear, "normalize": normalize}
        for argument, value in weights.items():
            checks.check_choice("Text", argument, value, (True, False))
            if value and kind != "tf_idf":
                raise ArgumentError(
                    f"`Text` expects `{argument}` with `kind='tf_idf'` only. "
                    f"Received: kind={kind!r}."
                )
        self.ngrams = ngrams
        self.sublinear = sublinear
        self.normalize = normalize
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
            "ngrams": self.ngrams,
            "sublinear": self.sublinear,
            "normalize": self.normalize,
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
        out = self._counted(tf.convert_to_tensor(array)[None])[0]
        out = self._weighted(out) if self._has_weights else out
        return tf.ensure_shape(tf.cast(out, self.dtype), self.shape)

    def transform_batch(self, arrays):
        out = self._counted(arrays)
        if self._has_weights:  # A sum of all at once may differ in a bit.
            spec = tf.TensorSpec(self.shape, self.dtype)
            out = tf.map_fn(self._weighted, out, fn_output_signature=spec)
        return tf.ensure_shape(tf.cast(out, self.dtype), (None, *self.shape))

    def _counted(self, texts):
        layer = need_adapted("Text", self._layer, "a vocabulary")
        return layer(words_apart(texts))

    @property
    def _has_weights(self):
        return self.sublinear or self.normalize

    def _weighted(self, counts):
        return bag(counts, self._idf, self.sublinear, self.normalize)

    def adapt(self, values):
        special = 2 if self.kind == "ids" else 1
        learned = learned_vocabulary(
            values,
            self.ngrams,
            self.vocabulary_size - special,
            self.kind == "tf_idf",
        )
        self.restore(learned, {})

    def out_of_vocabulary_rate(self, values) -> float:
        """Share of the words of canonical values that are not known.

        Zero where there is no word at all.
        """
        known = need_adapted("Text", self.vocabulary, "a vocabulary")
        return unknown_share(values, known)

    def findings(self, splits):
        found = []
        if self.kind == "ids":
            found = texts_cut(splits, self.length, self.ngrams)
        return found + texts_unknown(splits, self.out_of_vocabulary_rate)

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
        # `bag` weighs the counts itself.
        kind = "count" if self._has_weights else self.kind
        self._layer = vocabulary_layer(
            self.vocabulary,
            kind,
            self.vocabulary_size,
            self.length,
            self.ngrams,
            self._idf,
        )
