"""A small trained model, its modality objects, and rows for both."""

import keras
import numpy as np
import pytest

from mmfusion import data, encoders, export, fusion, models, tasks

WORDS = ["red", "wine", "old", "boat", "sea", "tree"]


@pytest.fixture(scope="session")
def samples():
    """A split of twenty rows; text and sound are absent in some."""
    random = np.random.default_rng(0)
    values = {
        "facts": [{"price": str(i), "brand": "abcd"[i % 4]} for i in range(20)],
        "image": random.integers(0, 256, (20, 9, 7, 3), "uint8"),
        "sound": list(random.normal(size=(20, 3)).astype("float32")),
        "text": [" ".join(random.choice(WORDS, 3)) for _ in range(20)],
    }
    values["text"][3] = values["sound"][4] = None
    modalities = {
        "facts": data.Tabular(numbers=["price"], categories=["brand"]),
        "image": data.Image(size=(8, 8)),
        "sound": data.Vector(dim=3, optional=True),
        "text": data.Text(kind="multi_hot", vocabulary_size=7, optional=True),
    }
    return data.from_arrays(
        values,
        {"label": ["cat", "dog", "owl", "cow"] * 5},
        modalities=modalities,
        splits={"train": range(20)},
    ).train


@pytest.fixture(scope="session")
def inputs(samples):
    """Modality objects by name, adapted."""
    return samples.inputs


@pytest.fixture(scope="session")
def arrays(samples):
    """The rows of `samples` as the model takes them."""
    return samples.arrays()[0]


@pytest.fixture(scope="session")
def model(arrays):
    """Image and facts are needed; text and sound may be absent."""
    keras.utils.set_random_seed(0)
    model = models.fusion_model(
        {
            "facts": encoders.tabular_mlp(1, [6], units=8, hidden=(8,)),
            "image": encoders.image_cnn((8, 8, 3), units=8, hidden=(4, 8)),
            "sound": encoders.vector_mlp(3, units=8, hidden=(8,)),
            "text": encoders.text_bag(7, units=8),
        },
        fusion.GatedFusion(8),
        tasks.Classification(["cat", "dog", 3]),
        optional=("sound", "text"),
    )
    model.compile("adam", **tasks.compile_arguments(model))
    labels = np.arange(20) % 3  # One class is no text.
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
