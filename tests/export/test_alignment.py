"""A model with every layer of alignment, exported."""

import keras
import numpy as np
import pytest

import mmfusion as mm

# Every export compares its files with the model, for each subset of what is
# optional, before it returns.


def _sequence(name):
    x = keras.Input((3, 2), name=name)
    mask = keras.Input((3,), dtype="bool", name="mask")
    sequence = keras.layers.Dense(4)(mm.layers.KeepPresent()(x, mask))
    return keras.Model(
        {name: x, "mask": mask},
        {"sequence": sequence, "mask": mask},
        name=f"{name}_encoder",
    )


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return mm.models.fusion_model(
        {
            "facts": mm.encoders.vector_mlp(2, units=4, hidden=()),
            "words": _sequence("words"),
        },
        mm.fusion.ConcatFusion(3),
        mm.tasks.Classification(2),
        optional=["words"],
        alignment=[
            mm.layers.ProjectionAlignment(4),
            mm.layers.SharedProjectionAlignment(4, normalize=True),
            mm.layers.DeepCCAAlignment(),
            mm.layers.CrossAttentionAlignment(2, hidden=3),
            mm.layers.ResamplerAlignment(2, num_heads=2, pool="mean"),
            mm.layers.ContrastiveAlignment(),
        ],
    )


@pytest.fixture
def rows():
    random = np.random.default_rng(0)
    return {
        "facts": random.normal(size=(4, 2)).astype("float32"),
        "words": random.normal(size=(4, 3, 2)).astype("float32"),
        "words_mask": np.arange(3) < np.array([[3], [2], [0], [1]]),
    }


@pytest.mark.slow
@pytest.mark.parametrize("target", ["saved_model", "litert"])
def test_the_files_answer_as_the_model(model, rows, target, tmp_path):
    export = getattr(mm.export, target)
    path = tmp_path / "model.tflite" if target == "litert" else tmp_path
    assert export(model, path, samples=rows).exists()
