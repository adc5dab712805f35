"""How much of a vocabulary, and of running text, has a vector."""

import dataclasses

import numpy as np

_LISTED = 20


@dataclasses.dataclass(frozen=True)
class Coverage:
    """How much of a vocabulary, and of running text, has a vector.

    Attributes:
        words: int. Words of the vocabulary.
        found: int. Those with a vector.
        folded: int. Those of them that were found in capitals only.
        tokens: int or None. Running words, those outside of the vocabulary
            included where a file was read; None where counts are not known.
        tokens_found: int or None. Those with a vector.
        missing: tuple of the most frequent words without a vector, 20 at most.
    """

    words: int
    found: int
    folded: int
    tokens: int | None
    tokens_found: int | None
    missing: tuple

    @property
    def share(self) -> float:
        """Share of the vocabulary that has a vector."""
        return self.found / max(self.words, 1)

    @property
    def token_share(self) -> float | None:
        """Share of running words that have a vector, or None."""
        if self.tokens is None:
            return None
        return self.tokens_found / max(self.tokens, 1)

    def __str__(self):
        line = (
            f"vectors for {self.found} of {self.words} words of the vocabulary "
            f"({self.share:.1%})"
        )
        if self.tokens is not None:
            line += f" and {self.token_share:.1%} of the running words"
        if self.missing:
            line += f"; without one: {', '.join(self.missing[:8])}"
            left = self.words - self.found - 8
            line += f" and {left} more" if left > 0 else ""
        return line


def coverage_of(words, known, folded=0, counts=None, tokens=None):
    """How much of a vocabulary has a vector.

    Args:
        words: list of str, the words of the ids from 2.
        known: bool array `(vocabulary_size,)`.
        folded: int. Words that were found in capitals only.
        counts: list of int, how often each word occurs, or None.
        tokens: int. Running words in all. Defaults to the sum of `counts`.

    Returns:
        `Coverage`.
    """
    without = [word for i, word in enumerate(words, start=2) if not known[i]]
    tokens_found = None
    if counts is not None:
        there = known[2 : len(words) + 2]
        tokens_found = int(np.asarray(counts)[there].sum())
        tokens = int(sum(counts) if tokens is None else tokens)
        often = dict(zip(words, counts, strict=True))
        without.sort(key=lambda word: (-often[word], word))
    return Coverage(
        words=len(words),
        found=len(words) - len(without),
        folded=folded,
        tokens=None if counts is None else tokens,
        tokens_found=tokens_found,
        missing=tuple(without[:_LISTED]),
    )
