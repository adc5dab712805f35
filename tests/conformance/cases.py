"""One case for every registered thing: the smallest that can show a fault."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np

import mmfusion as mm

ROWS = 4


@dataclasses.dataclass(frozen=True)
class Case:
    """A thing by its registered name, how to make it, what it takes.

    `arguments` are the call arguments of a layer by name (arrays, or dicts of
    arrays); an encoder takes one array, `x`.
    """

    name: str
    create: Callable
    arguments: Callable
    kind: str

    def __str__(self):
        return f"{self.kind}-{self.name}"

    def model(self):
        """The thing as a functional model with dict inputs, seeded."""
        keras.utils.set_random_seed(0)
        thing = self.create()
        if isinstance(thing, keras.Model):
            return thing
        leaves, call = _symbols(self.arguments())
        outputs = thing(**call)
        return keras.Model(leaves, outputs, name=f"{self.kind}_{self.name}")

    def inputs(self):
        """What `model()` takes: arrays by input name."""
        arguments = self.arguments()
        if self.kind == "encoder":
            return arguments["x"]
        return _leaves(arguments)


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


def _random(seed):
    return np.random.default_rng(seed)


def _floats(*shape, seed=0, low=-1.0, high=1.0):
    return _random(seed).uniform(low, high, (ROWS, *shape)).astype("float32")


def _embeddings():
    return {
        "embeddings": {
            "audio": _floats(3, seed=1),
            "image": _floats(5, seed=2),
            "text": _floats(4, seed=3),
        },
        # The second row has all, the third nothing that is optional.
        "present": {
            "audio": np.array([True, True, False, False]),
            "text": np.array([False, True, False, True]),
        },
    }


def _probabilities():
    def rows(seed):
        x = np.exp(_floats(3, seed=seed))
        return x / x.sum(-1, keepdims=True)

    parts = _embeddings()
    return {
        "embeddings": {
            name: rows(seed)
            for seed, name in enumerate(sorted(parts["embeddings"]))
        },
        "present": parts["present"],
    }


def _table():
    return np.stack(
        [
            np.array([0.5, -1.0, 0.0, 2.0], "float32"),  # The number,
            np.array([0.0, 0.0, 1.0, 0.0], "float32"),  # whether missing,
            np.array([0.0, 1.0, 2.0, 3.0], "float32"),  # the category.
        ],
        axis=1,
    )


FUSIONS = [
    Case("concat", lambda: mm.fusion.ConcatFusion(6), _embeddings, "fusion"),
    Case("gated", lambda: mm.fusion.GatedFusion(6), _embeddings, "fusion"),
    Case(
        "weighted",
        lambda: mm.fusion.WeightedFusion(6, activation="gelu"),
        _embeddings,
        "fusion",
    ),
]
DECISIONS = [
    Case("average", mm.decision.AverageDecision, _probabilities, "decision"),
    Case(
        "stacked",
        lambda: mm.decision.StackedDecision(6),
        _probabilities,
        "decision",
    ),
]
ENCODERS = [
    Case(
        "audio_cnn",
        lambda: mm.encoders.audio_cnn((9, 7), units=6, hidden=(3, 4)),
        lambda: {"x": _floats(9, 7, low=-13.8, high=4.0)},
        "encoder",
    ),
    Case(
        "image_cnn",
        lambda: mm.encoders.image_cnn((9, 7, 3), units=6, hidden=(3, 4)),
        lambda: {"x": _floats(9, 7, 3, low=0.0, high=255.0)},
        "encoder",
    ),
    Case(
        "tabular_mlp",
        lambda: mm.encoders.tabular_mlp(1, (4,), units=6, hidden=(5,)),
        lambda: {"x": _table()},
        "encoder",
    ),
    Case(
        "text_bag",
        lambda: mm.encoders.text_bag(9, units=6, hidden=(5,)),
        lambda: {"x": _floats(9, low=0.0)},
        "encoder",
    ),
    Case(
        "text_gru",
        lambda: mm.encoders.text_gru(9, length=5, units=6, embedding=4),
        lambda: {"x": _random(0).integers(0, 9, (ROWS, 5)).astype("int32")},
        "encoder",
    ),
    Case(
        "vector_mlp",
        lambda: mm.encoders.vector_mlp(4, units=6, hidden=(5,)),
        lambda: {"x": _floats(4)},
        "encoder",
    ),
    Case(
        "waveform_cnn",
        lambda: mm.encoders.waveform_cnn(40, units=6, hidden=(3, 4)),
        lambda: {"x": _floats(40)},
        "encoder",
    ),
]
TASKS = [
    Case(
        "classification",
        lambda: mm.tasks.Classification(["a", "b", "c"]),
        lambda: {"features": _floats(5)},
        "task",
    ),
]
LAYERS = [
    Case(
        "KeepPresent",
        mm.layers.KeepPresent,
        lambda: {
            "x": _floats(3),
            "present": np.array([True, False, True, False]),
        },
        "layer",
    ),
    Case(
        "MeanPool",
        mm.layers.MeanPool,
        lambda: {"x": _floats(5, 3)},
        "layer",
    ),
    Case(
        "TableFeatures",
        lambda: mm.layers.TableFeatures(1, (4,), embedding=2),
        lambda: {"x": _table()},
        "layer",
    ),
]
NAMED = {
    "decision": DECISIONS,
    "encoder": ENCODERS,
    "fusion": FUSIONS,
    "task": TASKS,
}
EVERY = [*FUSIONS, *DECISIONS, *ENCODERS, *TASKS, *LAYERS]
