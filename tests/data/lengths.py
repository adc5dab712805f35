"""Rows of texts and of vectors in a row, of many lengths."""

import numpy as np

import mmfusion as mm

WORDS, LENGTH, STEPS = 6, 12, 9
# Of every row; the text that has none is absent.
TEXTS = [0, 1, 1, 2, 3, 3, 4, 5, 7, 8, 12, 12, 2, 1, 4, 6, 0, 3, 2, 1]
VECTORS = [9, 1, 5, 2, 3, 3, 4, 5, 7, 8, 1, 2, 2, 1, 4, 6, 9, 3, 2, 1]


def data(rows=None, test=4, seed=0, optional=True):
    """Rows whose `number` is their place, the held-out ones at the end."""
    random = np.random.default_rng(1)
    rows = len(TEXTS) if rows is None else rows
    texts, vectors = np.resize(TEXTS, rows), np.resize(VECTORS, rows)
    if not optional:
        texts = np.maximum(texts, 1)
    vocabulary = [f"w{i}" for i in range(WORDS)]
    title = mm.data.Text(
        vocabulary_size=WORDS + 2, length=LENGTH, optional=optional
    )
    return mm.data.from_arrays(
        {
            "number": np.arange(rows, dtype="float32")[:, None],
            "title": [
                " ".join(random.choice(vocabulary, n)) if n else None
                for n in texts
            ],
            "walk": [random.normal(size=(n, 2)) for n in vectors],
        },
        {"label": [row % 3 for row in range(rows)]},
        modalities={
            "title": title,
            "walk": mm.data.Vector(dim=2, steps=STEPS),
        },
        splits={
            "train": np.arange(rows - test),
            "validation": np.arange(rows - test, rows),
        },
        ids=[f"r{row}" for row in range(rows)],
        seed=seed,
    )


def rows_of(x):
    """The places of the rows of a batch."""
    return np.asarray(x["number"])[:, 0].astype(int)
