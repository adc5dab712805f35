"""What a case is: a thing, how to make it, and what it takes."""

import dataclasses
import functools
from collections.abc import Callable

import keras
import numpy as np

ROWS = 4


@dataclasses.dataclass(frozen=True)
class Case:
    """A thing by its registered name, how to make it, what it takes.

    `arguments` are the call arguments of a layer by name (arrays, or dicts of
    arrays); an encoder takes `x`, one array or a dict of arrays. A thing with
    several cases has a `variant` for each. A `slow` one cannot be made small.
    """

    name: str
    create: Callable
    arguments: Callable
    kind: str
    variant: str = ""
    slow: bool = False

    def __str__(self):
        parts = [self.kind, self.name, self.variant]
        return "-".join(part for part in parts if part)

    def model(self):
        """The thing as a functional model with dict inputs, seeded."""
        keras.utils.set_random_seed(0)
        thing = self.create()
        if isinstance(thing, keras.Model):
            return thing
        leaves, call = _symbols(self.arguments())
        outputs = thing(**call)
        return keras.Model(leaves, outputs, name=f"{self.kind}_{self.name}")

    def layer(self):
        """The thing, a layer, built, seeded."""
        keras.utils.set_random_seed(0)
        thing = self.create()
        thing(**_symbols(self.arguments())[1])
        return thing

    def shared(self):
        """`model()`, made once for the tests that do not change it."""
        return _shared(self)

    def inputs(self):
        """What `model()` takes: arrays by input name."""
        arguments = self.arguments()
        if self.kind == "encoder":
            return arguments["x"]
        return _leaves(arguments)


@functools.lru_cache(maxsize=4)  # The tests of a case mostly run in a row.
def _shared(case):
    return case.model()


def _leaves(arguments):
    flat = {}
    for key, value in arguments.items():
        if isinstance(value, dict):
            flat |= {f"{key}_{name}": part for name, part in value.items()}
        else:
            flat[key] = value
    return flat


def _symbols(arguments):
    leaves, call = {}, {}
    for key, value in arguments.items():
        parts = value if isinstance(value, dict) else {None: value}
        tensors = {}
        for name, array in parts.items():
            label = key if name is None else f"{key}_{name}"
            tensors[name] = leaves[label] = keras.Input(
                array.shape[1:], dtype=array.dtype.name, name=label
            )
        call[key] = tensors if isinstance(value, dict) else tensors[None]
    return leaves, call


def random(seed):
    return np.random.default_rng(seed)


def floats(*shape, seed=0, low=-1.0, high=1.0):
    return random(seed).uniform(low, high, (ROWS, *shape)).astype("float32")


def steps_that_count(steps):
    """A mask in which all, some, none and one of the steps count."""
    return np.arange(steps) < np.array([[steps], [steps - 1], [0], [1]])
