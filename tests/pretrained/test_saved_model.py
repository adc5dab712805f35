"""The layer: the SavedModel's numbers, trained, kept, and only if trusted."""

import pathlib
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.pretrained import SavedModelLayer
from tests.pretrained import modules

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = np.random.default_rng(1).normal(size=(8, 3)).astype("float32")


def kernel(layer):
    return layer.weights[0].numpy()


def model_of(folder, name="dense", **settings):
    inputs = keras.Input((4,), name="v")
    layer = SavedModelLayer(folder / name, name="hub", **settings)
    return keras.Model(inputs, layer(inputs))


def fitted(folder, **settings):
    model = model_of(folder, trainable=True, **settings)
    model.compile(keras.optimizers.Adam(0.1), "mse")
    model.fit(X, Y, epochs=2, verbose=0)
    return model


def test_it_gives_what_the_saved_model_gives(hub_folder):
    loaded = tf.saved_model.load(hub_folder / "dense")
    layer = SavedModelLayer(hub_folder / "dense", arguments={"factor": 2.0})
    np.testing.assert_array_equal(layer(X), loaded(X, factor=2.0))
    assert np.abs(layer(X) - loaded(X)).max() > 0.1
    assert layer(X.astype("float64")).dtype == "float32"


def test_frozen_it_learns_nothing_and_runs_in_inference_mode(hub_folder):
    layer = SavedModelLayer(hub_folder / "dense")
    expected = layer(X)
    np.testing.assert_array_equal(layer(X, training=True), expected)
    assert layer.trainable_weights == [] and layer.losses == []
    assert [weight.name for weight in layer.weights] == [
        "dense_w",
        "dense_b",
        "mean",
    ]


def test_trained_its_weights_statistics_and_penalty_take_part(hub_folder):
    loaded = tf.saved_model.load(hub_folder / "dense")
    layer = SavedModelLayer(hub_folder / "dense", trainable=True)
    np.testing.assert_array_equal(
        layer(X, training=True), loaded(X, training=True)
    )
    np.testing.assert_array_equal(layer.weights[2], loaded.mean)
    assert np.abs(layer.weights[2].numpy()).min() > 0
    np.testing.assert_allclose(
        layer.losses, [0.1 * np.sum(kernel(layer) ** 2)], rtol=1e-6
    )
    layer.trainable = False
    assert len(layer.trainable_weights) == 0
    layer.trainable = True
    assert len(layer.trainable_weights) == 2


def test_fit_moves_it_by_the_gradient_of_loss_and_penalty(hub_folder):
    model = model_of(hub_folder, trainable=True)
    before = kernel(model.get_layer("hub"))
    model.compile(keras.optimizers.SGD(1.0), "mse")
    model.fit(X, Y, batch_size=8, verbose=0)
    h = X @ before
    y = np.tanh(h - h.mean(0))
    slope = 2 * (y - Y) / y.size * (1 - y**2)
    slope -= slope.mean(0)  # The mean is one of this batch.
    expected = before - X.T @ slope - 0.2 * before
    np.testing.assert_allclose(
        kernel(model.get_layer("hub")), expected, atol=1e-5
    )


def test_saved_moved_and_loaded_it_goes_on_training(
    hub_folder, tmp_path, nothing_accepted
):
    model = fitted(hub_folder)
    model.save(tmp_path / "m.keras")
    shutil.copytree(hub_folder / "dense", tmp_path / "deep" / "renamed")
    nothing_accepted()
    again = mm.load_model(tmp_path / "m.keras", trusted=tmp_path / "deep")
    expected = model.predict(X, verbose=0)
    np.testing.assert_array_equal(again.predict(X, verbose=0), expected)
    assert int(again.optimizer.iterations) == 2
    for one in (model, again):
        one.fit(X, Y, verbose=0, shuffle=False)
    np.testing.assert_allclose(
        again.predict(X, verbose=0), model.predict(X, verbose=0), atol=1e-6
    )
    assert np.abs(again.predict(X, verbose=0) - expected).max() > 1e-3
    again.save(tmp_path / "twice.keras")  # It keeps the name it had.
    assert again.get_layer("hub").handle == "dense"


def test_a_file_that_is_not_trusted_is_refused_in_one_line(
    hub_folder, tmp_path, nothing_accepted
):
    model_of(hub_folder).save(tmp_path / "m.keras")
    shutil.copytree(hub_folder / "dense", tmp_path / "changed" / "dense")
    graph = tmp_path / "changed" / "dense" / "saved_model.pb"
    graph.write_bytes(graph.read_bytes() + b"\0")
    nothing_accepted()
    for load in (mm.load_model, keras.models.load_model):
        with pytest.raises(ArgumentError, match="not trusted") as caught:
            load(tmp_path / "m.keras")
        assert "\n" not in str(caught.value)
    with pytest.raises(ArgumentError, match="has changed"):
        mm.load_model(tmp_path / "m.keras", trusted=tmp_path / "changed")
    with pytest.raises(ArgumentError, match="finds no SavedModel 'dense'"):
        mm.load_model(tmp_path / "m.keras", trusted=hub_folder / "bert")


def test_the_file_holds_no_path(hub_folder, tmp_path):
    config = model_of(hub_folder).to_json()
    assert str(hub_folder) not in config and '"handle": "dense"' in config


def test_bundled_it_needs_its_file_only(hub_folder, tmp_path, nothing_accepted):
    shutil.copytree(hub_folder / "dense", tmp_path / "dense")
    model = fitted(tmp_path, bundle=True)
    model.save(tmp_path / "m.keras")
    digest = model.get_layer("hub").sha256
    shutil.rmtree(tmp_path / "dense")
    for trusted in ((), "0" * 64, hub_folder / "bert"):
        nothing_accepted()
        with pytest.raises(ArgumentError, match="not trusted|finds no Saved"):
            mm.load_model(tmp_path / "m.keras", trusted=trusted)
    for trusted in (tmp_path / "m.keras", tmp_path, digest):
        nothing_accepted()
        again = mm.load_model(tmp_path / "m.keras", trusted=trusted)
        np.testing.assert_array_equal(
            again.predict(X, verbose=0), model.predict(X, verbose=0)
        )
    again.save(tmp_path / "twice.keras")
    twice = keras.models.clone_model(again)
    assert not np.allclose(kernel(twice.layers[1]), kernel(again.layers[1]))
    nothing_accepted()
    mm.load_model(tmp_path / "twice.keras", trusted=tmp_path / "twice.keras")


def test_what_changed_on_disk_is_not_bundled(hub_folder, tmp_path):
    folder = shutil.copytree(hub_folder / "dense", tmp_path / "dense")
    model = model_of(tmp_path, bundle=True)
    (folder / "more").write_text("x")
    with pytest.raises(ArgumentError, match="has changed since it was opened"):
        model.save(tmp_path / "m.keras")


def test_what_could_not_be_loaded_is_not_bundled(hub_folder, tmp_path):
    folder = shutil.copytree(hub_folder / "dense", tmp_path / "dense")
    (folder / "assets" / "my words.txt").write_text("x")
    model = model_of(tmp_path, bundle=True)
    with pytest.raises(ArgumentError, match="'my words.txt'. Leave `bundle`"):
        model.save(tmp_path / "m.keras")


def test_xla_compiles_what_it_can(hub_folder, tmp_path):
    @tf.function(input_signature=[modules.float_spec(4)])
    def segments(x):
        return tf.math.segment_mean(x, tf.range(tf.shape(x)[0]))

    @tf.function(input_signature=[modules.float_spec(None, None, 3)])
    def large(x):  # It takes no images smaller than its kernel.
        return tf.nn.avg_pool2d(x, 9, 1, "VALID")

    for name, call in {"segments": segments, "large": large}.items():
        thing = tf.train.Checkpoint()
        thing.__call__ = call
        modules.saved(thing, tmp_path / name)
    layer = SavedModelLayer(tmp_path / "large")
    layer(keras.Input((10, 11, 3)))
    assert layer.supports_jit
    assert SavedModelLayer(hub_folder / "bert").supports_jit
    assert not SavedModelLayer(tmp_path / "segments").supports_jit
    assert not SavedModelLayer(hub_folder / "words").supports_jit
    model = model_of(hub_folder, trainable=True)
    expected = model.predict(X, verbose=0)
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=True)
    assert model.jit_compile is True
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, atol=1e-5)
    before = kernel(model.get_layer("hub"))
    model.fit(X, Y, verbose=0)
    assert np.abs(kernel(model.get_layer("hub")) - before).max() > 1e-3


def test_its_graph_is_float32_under_every_policy(hub_folder):
    exact = SavedModelLayer(hub_folder / "dense")(X)
    layer = SavedModelLayer(hub_folder / "dense", dtype="mixed_bfloat16")
    rough = layer(X)
    assert rough.dtype == "bfloat16"
    assert {weight.dtype for weight in layer.weights} == {"float32"}
    np.testing.assert_array_equal(rough, tf.cast(exact, "bfloat16"))
    rough = tf.cast(layer(tf.cast(X, "bfloat16")), "float32")
    np.testing.assert_allclose(rough, exact, atol=0.02)


def test_dicts_go_in_and_come_out(hub_folder):
    layer = SavedModelLayer(hub_folder / "bert")
    tokens = {
        name: np.ones((2, 3), "int32")
        for name in ("input_mask", "input_type_ids", "input_word_ids")
    }
    outputs = layer(tokens)
    assert sorted(outputs) == layer.output_keys
    pooled = SavedModelLayer(hub_folder / "bert", output="pooled_output")
    np.testing.assert_array_equal(pooled(tokens), outputs["default"])
    with pytest.raises(ArgumentError, match="'pooled'; there is .'default'"):
        SavedModelLayer(hub_folder / "bert", output="pooled")


def test_what_cannot_be_used_is_said(hub_folder, tmp_path):
    thing = tf.Module()
    thing.weight = tf.Variable(1.0)
    modules.saved(thing, tmp_path / "no_call")
    with pytest.raises(ArgumentError, match="one with `__call__`"):
        SavedModelLayer(tmp_path / "no_call")
    with pytest.raises(ArgumentError, match="no `saved_model.pb`"):
        SavedModelLayer(tmp_path)
    (tmp_path / "link").symlink_to(hub_folder / "dense")
    with pytest.raises(ArgumentError, match="a link"):
        SavedModelLayer(tmp_path / "link")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "saved_model.pb").write_text("no graph")
    with pytest.raises(ArgumentError, match="cannot read the SavedModel"):
        SavedModelLayer(tmp_path / "bad")
    with pytest.raises(ArgumentError, match="`trainable_variables` to train"):
        SavedModelLayer(hub_folder / "preprocessor", trainable=True)
    with pytest.raises(ArgumentError, match="expects .* to have the SHA-256"):
        SavedModelLayer(hub_folder / "dense", sha256="0" * 64)


def test_a_copy_starts_from_the_original_weights(hub_folder):
    encoder = mm.pretrained.saved_model_encoder(
        hub_folder / "dense", trainable=True
    )
    model = mm.models.fusion_model(
        {"v": encoder, "w": mm.encoders.vector_mlp(4, units=2, hidden=())},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
    )
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    rows = {"v": X, "w": X}
    model.fit(rows, {"label": np.arange(8) % 2}, verbose=0)
    alone = mm.models.alone(model, "v")
    layers = [
        next(
            layer
            for layer in one.get_layer("vector_encoder").layers
            if isinstance(layer, SavedModelLayer)
        )
        for one in (model, alone)
    ]
    original = tf.saved_model.load(hub_folder / "dense").kernel.numpy()
    np.testing.assert_array_equal(kernel(layers[1]), original)
    assert np.abs(kernel(layers[0]) - original).max() > 1e-4
    assert layers[1].trainable


def test_the_folder_name_of_a_module_is_what_a_file_keeps(hub_folder):
    layer = SavedModelLayer(str(hub_folder / "bert" / ".." / "dense"))
    assert layer.handle == "dense"
    assert pathlib.Path(layer.handle).name == layer.handle
