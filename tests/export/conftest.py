"""A small trained model, its modality objects, and rows for both."""

import keras
import numpy as np
import pytest

from mmfusion import data, encoders, export, fusion, models, tasks

WORDS = ["red", "wine", "old", "boat", "sea", "tree"]


@pytest.fixture(scope="session")
def inputs():
    """Modality objects by name, adapted."""
    text = data.Text(kind="multi_hot", vocabulary_size=7, optional=True)
    text.adapt(WORDS)
    facts = data.Tabular(numbers=["price"], categories=["brand"])
    facts.adapt(
        facts.read({"price": price, "brand": brand})
        for price, brand in (("1", "a"), ("3", "b"))
    )
    return {
        "facts": facts,
        "image": data.Image(size=(8, 8)),
        "sound": data.Vector(dim=3, optional=True),
        "text": text,
    }


class Rows:
    """What an export asks of a split, over raw values in memory."""

    def __init__(self, inputs, values):
        self.inputs, self.values = inputs, values

    def __len__(self):
        return len(next(iter(self.values.values())))

    def raw(self, rows):
        return {
            name: [
                None if values[row] is None else self._encode(name, values[row])
                for row in rows
            ]
            for name, values in self.values.items()
        }

    def _encode(self, name, value):
        modality = self.inputs[name]
        return modality.encode(modality.read(value))

    def arrays(self, rows):
        result = {}
        for name, modality in self.inputs.items():
            found = [self.values[name][row] for row in rows]
            result[name] = np.stack(
                [
                    np.zeros(modality.shape, modality.dtype)
                    if value is None
                    else modality.transform(modality.read(value)).numpy()
                    for value in found
                ]
            )
            if modality.optional:
                there = [value is not None for value in found]
                result[f"{name}_present"] = np.array(there)
        return result, {}


@pytest.fixture(scope="session")
def samples(inputs):
    """Twenty rows; text and sound are absent in some."""
    random = np.random.default_rng(0)
    count = 20
    values = {
        "facts": [
            {"price": str(i), "brand": "abc"[i % 3]} for i in range(count)
        ],
        "image": list(random.integers(0, 256, (count, 9, 7, 3), "uint8")),
        "sound": list(random.normal(size=(count, 3)).astype("float32")),
        "text": [" ".join(random.choice(WORDS, 3)) for _ in range(count)],
    }
    values["text"][3] = values["sound"][4] = None
    return Rows(inputs, values)


@pytest.fixture(scope="session")
def arrays(samples):
    """The rows of `samples` as the model takes them."""
    return samples.arrays(range(len(samples)))[0]


@pytest.fixture(scope="session")
def model(arrays):
    """Image and facts are needed; text and sound may be absent."""
    keras.utils.set_random_seed(0)
    model = models.fusion_model(
        {
            "facts": encoders.tabular_mlp(1, [4], units=8, hidden=(8,)),
            "image": encoders.image_cnn((8, 8, 3), units=8, hidden=(4, 8)),
            "sound": encoders.vector_mlp(3, units=8, hidden=(8,)),
            "text": encoders.text_bag(7, units=8),
        },
        fusion.GatedFusion(8),
        tasks.Classification(["cat", "dog", 3]),
        optional=("sound", "text"),
    )
    model.compile("adam", **tasks.compile_arguments(model))
    labels = np.arange(20) % 3
    model.fit(arrays, {"label": labels}, epochs=2, verbose=0)
    return model


@pytest.fixture(scope="session")
def folder(model, inputs, samples, tmp_path_factory):
    """The model as a SavedModel with both signatures."""
    path = tmp_path_factory.mktemp("export") / "shop"
    return export.saved_model(model, path, inputs=inputs, samples=samples)


@pytest.fixture
def two_faced():
    """A model that answers differently once it is exported."""
    keras.utils.set_random_seed(0)
    vector = keras.Input((3,), name="facts")
    scale = Scale()
    model = models.fusion_model(
        {"facts": keras.Model(vector, keras.layers.Dense(4)(scale(vector)))},
        fusion.ConcatFusion(4),
        tasks.Classification(2),
    )
    model.predict({"facts": np.ones((4, 3), "float32")}, verbose=0)
    # `predict` keeps the graph that it has; an export makes a new one.
    scale.factor = 1.01
    return model


@pytest.fixture(scope="session")
def small_model():
    """The least there is: one vector."""
    keras.utils.set_random_seed(0)
    return models.fusion_model(
        {"facts": encoders.vector_mlp(3, units=4, hidden=())},
        fusion.ConcatFusion(4),
        tasks.Classification(2),
    )


class Scale(keras.layers.Layer):
    """Multiplies by a number that is no weight."""

    factor = 1.0

    def call(self, x):
        return x * self.factor
