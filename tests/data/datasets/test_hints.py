import collections
import re

import numpy as np
import pytest

from mmfusion.data.datasets import hints

CLASSES = list(hints.NAMES)
PHRASES = {
    **dict(enumerate(hints.NAMES.values())),
    **{
        len(CLASSES) + number: phrases
        for number, (_, phrases) in enumerate(hints.KINDS.values())
    },
}


BY_PHRASE = {p: symbol for symbol, found in PHRASES.items() for p in found}
# The longest first: `a feathered bird` is not `a bird`.
_ANY = re.compile(
    "|".join(rf"\b{p}\b" for p in sorted(BY_PHRASE, key=len, reverse=True))
)


def _read(text):
    """The symbol that a caption shows, found in nothing but its words."""
    (phrase,) = _ANY.findall(text)
    return BY_PHRASE[phrase]


@pytest.mark.parametrize("ambiguous", [0.0, 0.3, 1.0])
def test_every_class_has_its_probabilities(ambiguous):
    table = hints.table(ambiguous)
    np.testing.assert_allclose(table.sum(axis=1), 1)
    np.testing.assert_allclose(table[:, len(CLASSES) :].sum(axis=1), ambiguous)
    shown = {
        (CLASSES[c], list(hints.KINDS)[k])
        for c, k in zip(*np.nonzero(table[:, len(CLASSES) :]), strict=True)
    }
    if ambiguous:
        assert shown == {
            (name, kind)
            for kind, (members, _) in hints.KINDS.items()
            for name in members
        }


def test_a_caption_shows_one_symbol_and_no_other():
    labels = np.arange(2000) % len(CLASSES)
    texts, symbols = hints.write(labels, 0.5, np.random.default_rng(0))
    assert [_read(text) for text in texts] == symbols.tolist()
    named = [p for phrases in PHRASES.values() for p in phrases]
    assert len(set(named)) == len(named)
    assert {p for p in named if any(p in text for text in texts)} == set(named)


def test_all_but_the_phrase_tells_nothing():
    """The words around it are as frequent with every class."""
    labels = np.arange(10_000) % len(CLASSES)
    texts, symbols = hints.write(labels, 0.3, np.random.default_rng(1))
    counts = collections.Counter()
    for text, label, symbol in zip(texts, labels, symbols, strict=True):
        phrase = max((p for p in PHRASES[symbol] if p in text), key=len)
        counts[text.replace(phrase, "_"), label] += 1
    # A chi-square test of independence of the words around and the class.
    around = sorted({frame for frame, _ in counts})
    seen = np.array([[counts[f, c] for c in range(10)] for f in around])
    expected = seen.sum(1, keepdims=True) * seen.sum(0) / seen.sum()
    freedom = (len(around) - 1) * 9
    deviation = ((seen - expected) ** 2 / expected).sum() - freedom
    assert abs(deviation) < 4 * np.sqrt(2 * freedom)


@pytest.mark.parametrize("ambiguous", [0.0, 0.3, 0.7, 1.0])
def test_the_ceiling_is_what_the_best_reader_reaches(ambiguous):
    """A classifier of counts, fitted to other captions: no formula in it."""
    labels = np.arange(10_000) % len(CLASSES)
    rng = np.random.default_rng(2)
    rows = len(labels)

    def read(seed):
        texts, _ = hints.write(labels, ambiguous, np.random.default_rng(seed))
        return np.array([_read(text) for text in texts])

    seen = np.zeros((len(PHRASES), len(CLASSES)))
    np.add.at(seen, (read(3), labels), 1)
    seen += rng.random(seen.shape) * 1e-6  # Ties are broken by chance.
    right = (seen[read(4)].argmax(axis=1) == labels).mean()
    expected = hints.ceiling(ambiguous)
    deviation = np.sqrt(expected * (1 - expected) / rows)
    assert abs(right - expected) <= 3 * deviation + 1e-9
    assert expected == pytest.approx(1 - 0.65 * ambiguous)
