"""Sentences around one word that tells, among words that do not."""

import numpy as np

WORDS = ("anchor", "lantern", "feather", "compass")

_TEMPLATES = (
    "the {near} {word} is on the {place}",
    "a {near} {word} and a {far} {thing}",
    "we saw the {word} by the {far} {place}",
    "{near} {thing} , {far} {word}",
    "there is a {thing} next to the {near} {word} on the {place}",
    "look at the {word}",
)
_ADJECTIVES = ("small", "large", "old", "new", "red", "blue", "plain", "odd")
_THINGS = ("box", "cup", "book", "chair", "bottle", "stone", "basket", "rope")
_PLACES = ("table", "floor", "shelf", "street", "roof", "boat", "bench")


def write(symbols, rng):
    """Writes one sentence a row: one word tells the symbol, the rest nothing.

    Args:
        symbols: int array `(rows,)`, indices into `WORDS`.
        rng: `numpy.random.Generator`.

    Returns:
        List of str.

    Example:

    >>> write(np.array([1]), np.random.default_rng(0))
    ['look at the lantern']
    """

    def choose(words):
        return np.asarray(words)[rng.integers(len(words), size=len(symbols))]

    parts = zip(
        choose(_TEMPLATES),
        np.asarray(WORDS)[symbols],
        choose(_ADJECTIVES),
        choose(_ADJECTIVES),
        choose(_THINGS),
        choose(_PLACES),
        strict=True,
    )
    return [
        str(template).format(
            word=word, near=near, far=far, thing=thing, place=place
        )
        for template, word, near, far, thing, place in parts
    ]
