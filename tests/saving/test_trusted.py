"""Files that name SavedModels, where none can run."""

import keras
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError


def config():
    return {"name": "hub", "handle": "encoder", "sha256": "0" * 64}


@pytest.mark.skipif(
    keras.backend.backend() == "tensorflow", reason="Keras runs on TensorFlow"
)
def test_without_tensorflow_there_is_one_line():
    for make in (
        lambda: mm.pretrained.SavedModelLayer("encoder"),
        lambda: mm.pretrained.SavedModelLayer.from_config(config()),
    ):
        with pytest.raises(ArgumentError, match="needs Keras on TensorFlow"):
            make()


def test_trusted_must_be_there(tmp_path):
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.save(tmp_path / "m.keras")
    with pytest.raises(ArgumentError, match="'nowhere', which is not there"):
        mm.load_model(tmp_path / "m.keras", trusted="nowhere")
    mm.load_model(tmp_path / "m.keras", trusted=tmp_path)
