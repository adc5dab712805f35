"""What is fused in a benchmark: rows, their parts, and encoders for them."""

import dataclasses
import functools

import numpy as np


@dataclasses.dataclass(frozen=True)
class Rows:
    """The rows of one seed, or one fold, of a data set.

    Attributes:
        x: dict of modality to array `(rows, ...)`, what an encoder takes.
        y: int array `(rows,)`.
        groups: array `(rows,)`: the unit that repeats.
        parts: dict of `"train"`, `"validation"` and `"test"` to row numbers.
    """

    x: dict
    y: np.ndarray
    groups: np.ndarray
    parts: dict

    @property
    def classes(self):
        return int(self.y.max()) + 1

    def of(self, part, x=None):
        """`(inputs, labels)` of a part, of `x` or of features in its place."""
        at = self.parts[part]
        return {n: v[at] for n, v in (x or self.x).items()}, self.y[at]


@dataclasses.dataclass
class Problem:
    """One seed, or one fold, of a data set.

    Attributes:
        name: str, unique.
        modalities: names, sorted.
        make: function without arguments that gives the `Rows`; called where
            they are needed, once.
        encoders: function of `x` that gives untrained `keras.Model` by
            modality, whose outcome is steps `(batch, steps, dim)`.
        epochs: dict of `"encoder"`, `"features"` and `"end"` to int.
        batch: int. Rows of a batch.
        seed: int.
    """

    name: str
    modalities: tuple
    make: object
    encoders: object
    epochs: dict
    batch: int
    seed: int

    @functools.cached_property
    def rows(self):
        return self.make()
