"""WordEmbedding: given vectors survive copies and files."""

import gc
import json

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.layers import initial_weights

TABLE = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")


def _model(**arguments):
    encoder = mm.encoders.text_vectors(
        6, length=3, units=2, vectors=TABLE, name="words", **arguments
    )
    other = mm.encoders.vector_mlp(2, units=2, name="facts")
    return mm.models.fusion_model(
        {"words": encoder, "facts": other},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
    )


def _learned(model):
    """The table after a step away from the given one."""
    layer = _layer(model)
    layer.set_weights([TABLE + 1])
    return model


def _layer(model):
    layers = model._flatten_layers()
    return next(x for x in layers if isinstance(x, mm.layers.WordEmbedding))


def _forget(monkeypatch):
    """As in another process, in which nobody has given a table."""
    monkeypatch.setattr(initial_weights, "_KEPT", {})


def test_a_config_holds_a_checksum_and_a_copy_begins_as_given():
    model = _learned(_model())
    assert len(json.dumps(_layer(model).get_config())) < 1000
    encoder = model.get_layer("words_encoder")
    for copy in (
        keras.models.clone_model(encoder),
        type(encoder).from_config(encoder.get_config()),
        mm.models.alone(model, "words"),
    ):
        np.testing.assert_array_equal(_layer(copy).get_weights()[0], TABLE)


@pytest.mark.parametrize("trainable", [True, False])
def test_a_file_holds_what_was_learned_and_what_was_given(
    trainable, tmp_path, monkeypatch
):
    model = _model(trainable=trainable)
    expected = _layer(_learned(model) if trainable else model).get_weights()
    model.save(tmp_path / "m.keras")
    _forget(monkeypatch)
    again = mm.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(_layer(again).get_weights(), expected)
    single = mm.models.alone(again, "words")
    np.testing.assert_array_equal(_layer(single).get_weights()[0], TABLE)
    # And once more: what was loaded can be saved.
    again.save(tmp_path / "n.keras")
    _forget(monkeypatch)
    third = mm.load_model(tmp_path / "n.keras")
    np.testing.assert_array_equal(_layer(third).get_weights(), expected)


def test_weights_go_from_one_model_to_another(tmp_path):
    model = _learned(_model())
    model.save_weights(tmp_path / "m.weights.h5")
    plain = mm.encoders.text_vectors(6, length=3, units=2, embedding=3)
    other = _model()
    other.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_array_equal(_layer(other).get_weights()[0], TABLE + 1)
    plain.save_weights(tmp_path / "p.weights.h5")
    encoder = other.get_layer("words_encoder")
    encoder.load_weights(tmp_path / "p.weights.h5")
    single = mm.models.alone(other, "words")
    np.testing.assert_array_equal(_layer(single).get_weights()[0], TABLE)


def test_what_was_learned_is_not_taken_for_what_was_given(monkeypatch):
    layer = mm.layers.WordEmbedding(6, 3, vectors=TABLE)
    config = layer.get_config()
    _forget(monkeypatch)
    again = mm.layers.WordEmbedding.from_config(config)
    again.build((None, 3))
    again.load_own_variables({"0": TABLE + 1})
    assert again.get_config() == config
    again.load_own_variables({"0": TABLE})
    third = mm.layers.WordEmbedding.from_config(config)
    third.build((None, 3))
    np.testing.assert_array_equal(third.get_weights()[0], TABLE)


def test_tables_are_forgotten_with_their_layers():
    layer = mm.layers.WordEmbedding(2, 2, vectors=np.full((2, 2), 7.5))
    checksum = layer.get_config()["vectors"]
    assert checksum in initial_weights._KEPT
    del layer
    gc.collect()
    assert checksum not in initial_weights._KEPT


def test_the_array_given_may_change_afterwards():
    vectors = 3 * TABLE  # No other layer holds it.
    layer = mm.layers.WordEmbedding(6, 3, vectors=vectors)
    vectors[:] = 0
    layer.build((None, 3))
    np.testing.assert_array_equal(layer.get_weights()[0], 3 * TABLE)
