"""Pretrained: copies begin as the layer did, whatever it learned since."""

import gc

import h5py
import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.layers import initial_weights


def _backbone():
    inputs = keras.Input((3,))
    x = keras.layers.Dense(4, activation="relu", name="first")(inputs)
    x = keras.layers.BatchNormalization(name="norm")(x)
    return keras.Model(inputs, keras.layers.Dense(2, name="last")(x))


def _encoder(trainable=True):
    backbone = _backbone()
    # Nothing that an initialiser would give.
    backbone.set_weights([w + 0.5 for w in backbone.get_weights()])
    backbone.get_layer("first").trainable = trainable
    inputs = keras.Input((3,), name="facts")
    outputs = mm.layers.Pretrained(backbone, name="backbone")(inputs)
    return keras.Model(inputs, outputs, name="facts_encoder")


def _model(**arguments):
    other = mm.encoders.vector_mlp(2, units=2, name="more")
    return mm.models.fusion_model(
        {"facts": _encoder(**arguments), "more": other},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
    )


def _weights(model):
    (layer,) = (
        x
        for x in model._flatten_layers()
        if isinstance(x, mm.layers.Pretrained)
    )
    return layer.backbone.get_weights()


def _learn(model):
    random = np.random.default_rng(0)
    x = {
        "facts": random.normal(size=(8, 3)).astype("float32"),
        "more": random.normal(size=(8, 2)).astype("float32"),
    }
    model.compile(
        keras.optimizers.SGD(0.5), **mm.tasks.compile_arguments(model)
    )
    model.fit(x, {"label": np.arange(8) % 2}, verbose=0)


def _same(a, b):
    return [np.array_equal(x, y) for x, y in zip(a, b, strict=True)]


def test_copies_begin_as_it_did():
    model = _model()
    begun = _weights(model)
    _learn(model)
    assert not any(_same(_weights(model), begun))
    encoder = model.get_layer("facts_encoder")
    for copy in (
        keras.models.clone_model(encoder),
        type(encoder).from_config(encoder.get_config()),
        mm.models.alone(model, "facts"),
    ):
        assert all(_same(_weights(copy), begun))


def test_a_file_holds_what_was_learned_and_what_it_began_with(
    tmp_path, monkeypatch
):
    model = _model(trainable=False)
    begun = _weights(model)
    _learn(model)
    learned = _weights(model)
    # Kernel and bias of `first` are frozen, the other six are not.
    assert _same(learned, begun) == [True] * 2 + [False] * 6
    path = tmp_path / "m.keras"
    for _ in range(2):  # What was loaded can be saved.
        model.save(path)
        # As in another process, which has seen no other layer.
        monkeypatch.setattr(initial_weights, "_KEPT", {})
        model = mm.load_model(path)
        assert all(_same(_weights(model), learned))
        single = mm.models.alone(model, "facts")
        assert all(_same(_weights(single), begun))
        trainable = single.get_layer("facts_encoder").trainable_weights
        assert len(trainable) == 4  # `first` is frozen there, too.


def test_a_file_holds_nothing_twice(tmp_path):
    encoder = _encoder()
    encoder.save_weights(tmp_path / "same.weights.h5")
    plain = _backbone()
    plain.save_weights(tmp_path / "plain.weights.h5")
    count = _count(tmp_path / "same.weights.h5")
    assert count == _count(tmp_path / "plain.weights.h5") == 8
    backbone = encoder.get_layer("backbone").backbone
    backbone.set_weights([w + 1 for w in backbone.get_weights()])
    encoder.save_weights(tmp_path / "other.weights.h5")
    assert _count(tmp_path / "other.weights.h5") == 16


def _count(path):
    found = []

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            found.append(name)

    with h5py.File(path) as file:
        file.visititems(visit)
    return len(found)


def test_other_weights_do_not_change_what_it_began_with(tmp_path):
    encoder = _encoder()
    begun = _weights(encoder)
    other = _encoder()
    layer = other.get_layer("backbone").backbone
    layer.set_weights([w - 3 for w in layer.get_weights()])
    other.save_weights(tmp_path / "other.weights.h5")
    encoder.load_weights(tmp_path / "other.weights.h5")
    assert all(_same(_weights(encoder), _weights(other)))
    assert all(_same(_weights(keras.models.clone_model(encoder)), begun))


def test_what_was_quantized_is_loaded(tmp_path, monkeypatch):
    encoder = _encoder()
    encoder.quantize(
        "int8", filters=lambda x: isinstance(x, keras.layers.Dense)
    )
    x = np.ones((2, 3), "float32")
    expected = np.asarray(encoder(x))
    encoder.save(tmp_path / "m.keras")
    for _ in range(2):  # In this process, and in one that knows no start.
        again = mm.load_model(tmp_path / "m.keras")
        np.testing.assert_allclose(np.asarray(again(x)), expected, atol=1e-6)
        monkeypatch.setattr(initial_weights, "_KEPT", {})


def test_factors_of_lora_are_nothing_it_began_with(tmp_path):
    encoder = _encoder()
    begun = _weights(encoder)
    encoder.get_layer("backbone").backbone.get_layer("last").enable_lora(1)
    encoder.save(tmp_path / "m.keras")
    mm.load_model(tmp_path / "m.keras")
    copy = keras.models.clone_model(encoder)
    kept = [
        w
        for w in copy.get_layer("backbone").backbone.weights
        if not w.name.startswith("lora")
    ]
    assert all(_same([np.array(w) for w in kept], begun))


@pytest.mark.parametrize(
    "backbone", [None, keras.Sequential([keras.layers.Dense(2)])]
)
def test_what_has_no_weights_is_refused(backbone):
    with pytest.raises(ValueError, match="`Pretrained` expects `backbone`"):
        mm.layers.Pretrained(backbone)


def test_what_nobody_holds_is_forgotten():
    encoder = _encoder()
    checksum = encoder.get_layer("backbone").get_config()["start"]
    assert initial_weights.recall(checksum) is not None
    del encoder
    keras.backend.clear_session()
    gc.collect()
    assert initial_weights.recall(checksum) is None


@pytest.mark.parametrize("shared", [True, False])
def test_what_begins_alike_is_kept_once(shared):
    first, copy = _encoder(), _encoder()
    if shared:
        copy = keras.models.clone_model(first)
    kept = [x.get_layer("backbone").start._start for x in (first, copy)]
    assert (kept[0] is kept[1]) == shared
