"""A small trained model of three modalities, and rows for it."""

import keras
import numpy as np
import pytest

from mmfusion import encoders, fusion, models, tasks


@pytest.fixture(scope="session")
def arrays():
    """Rows of every modality, without flags."""
    random = np.random.default_rng(0)
    return {
        "image": random.integers(0, 256, (20, 8, 8, 3)).astype("float32"),
        "text": random.integers(0, 2, (20, 12)).astype("float32"),
        "facts": random.normal(size=(20, 3)).astype("float32"),
    }


@pytest.fixture(scope="session")
def model(arrays):
    """Image and facts are needed, the text may be absent."""
    keras.utils.set_random_seed(0)
    model = models.fusion_model(
        {
            "image": encoders.image_cnn((8, 8, 3), units=8, hidden=(4, 8)),
            "text": encoders.text_bag(12, units=8),
            "facts": encoders.vector_mlp(3, units=8, hidden=(8,)),
        },
        fusion.GatedFusion(8),
        tasks.Classification(["cat", "dog", 3]),
        optional=("text",),
    )
    model.compile("adam", **tasks.compile_arguments(model))
    labels = np.arange(20) % 3
    model.fit(arrays, {"label": labels}, epochs=2, verbose=0)
    return model


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


class Scale(keras.layers.Layer):
    """Multiplies by a number that is no weight."""

    factor = 1.0

    def call(self, x):
        return x * self.factor
