"""Texts of words that may have vectors: from a file, or learned."""

from mmfusion.data.modality_checks import need_adapted
from mmfusion.data.skip_gram import skip_gram
from mmfusion.data.text_modality import TextModality
from mmfusion.data.vector_settings import resolve_vectors
from mmfusion.data.word_vectors import read_word_vectors
from mmfusion.data.words import words_of
from mmfusion.errors import ArgumentError


class TextWithVectors(TextModality):
    """A modality of words, for whose ids an encoder may be given vectors.

    A subclass sets `kind`, `ngrams`, `vocabulary_size`, and, in `adapt`, the
    list `vocabulary` and `_counts`, of each word and then of all.
    """

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
        if self.ngrams > 1:
            raise ArgumentError(
                "`Text.skip_gram` learns vectors of single words and expects "
                f"`ngrams` to be 1. Received: {self.ngrams}."
            )
        ids = {word: i for i, word in enumerate(words, start=2)}
        texts = ([ids.get(w, 1) for w in found] for found in words_of(values))
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
