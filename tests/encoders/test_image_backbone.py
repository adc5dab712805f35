"""image_backbone: preprocessing, weights, what is frozen, and two at once."""

import re
import urllib.error

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving import legacy_h5_format
from keras.src.utils import file_utils

import mmfusion as mm
from mmfusion.encoders import image_backbone
from mmfusion.encoders.image_backbone import _networks, _preprocessed
from tests.encoders.cost import flops, layers

SHAPE = (32, 32, 3)
SMALL = "MobileNetV3Small"
NORM = keras.layers.BatchNormalization


def _network(encoder):
    (network,) = layers(encoder, (keras.Model, mm.layers.Pretrained))
    return getattr(network, "backbone", network)


def _picture(channels=3):
    random = np.random.default_rng(0)
    return random.uniform(0, 255, (2, 32, 32, channels)).astype("float32")


@pytest.fixture(scope="module")
def vgg16():
    keras.utils.set_random_seed(0)
    return keras.applications.VGG16(
        weights=None, include_top=False, input_shape=SHAPE
    )


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(0)
    return keras.applications.MobileNetV3Small(
        weights=None, include_top=False, input_shape=SHAPE
    )


@pytest.fixture(scope="module")
def file(small, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "small.weights.h5"
    small.save_weights(path)
    return path


@pytest.mark.parametrize("name", sorted(_networks()))
def test_preprocessing_is_that_of_the_family(name):
    create = _networks()[name]
    family = getattr(keras.applications, create.__module__.split(".")[-1])
    x = _picture()
    expected = family.preprocess_input(x.copy())
    np.testing.assert_allclose(
        np.asarray(_preprocessed(x, create)), expected, rtol=1e-5, atol=1e-4
    )


@pytest.mark.variant  # Files are read before any backend.
def test_an_old_file_is_loaded_and_the_answer_is_that_of_the_network(
    vgg16, tmp_path
):
    path = tmp_path / "vgg16_notop.h5"
    with h5py.File(path, "w") as group:
        legacy_h5_format.save_weights_to_hdf5_group(group, vgg16)
    encoder = image_backbone("VGG16", SHAPE, 4, weights=path, trainable=False)
    x = _picture()
    ready = keras.applications.vgg16.preprocess_input(x.copy())
    maps = np.asarray(vgg16(ready)).mean(axis=(1, 2))
    (dense,) = layers(encoder, keras.layers.Dense)
    np.testing.assert_allclose(
        np.asarray(encoder(x)),
        np.maximum(maps @ np.asarray(dense.kernel), 0),
        rtol=1e-4,
        atol=1e-4 * maps.max(),
    )
    with pytest.raises(ValueError, match="cannot load .*vgg16_notop.*Small"):
        image_backbone(SMALL, SHAPE, weights=path)


def test_grey_is_colour_of_three_equal_channels(vgg16):
    grey = image_backbone("VGG16", (32, 32, 1), 4)
    colour = image_backbone("VGG16", SHAPE, 4)
    colour.set_weights(grey.get_weights())
    x = _picture(channels=1)
    np.testing.assert_allclose(
        np.asarray(grey(x)),
        np.asarray(colour(np.repeat(x, 3, axis=-1))),
        rtol=1e-5,
    )


@pytest.mark.slow
def test_frozen_networks_stay_as_they_are_saved_and_loaded(file, tmp_path):
    encoder = image_backbone(SMALL, SHAPE, 4, weights=file, trainable=False)
    encoder.save(tmp_path / "encoder.keras")
    again = mm.load_model(tmp_path / "encoder.keras")
    for model in (encoder, again):
        assert len(model.trainable_weights) == 2  # Of the last layer.
        before = _network(model).get_weights()
        alone = np.asarray(model(_picture()[:1], training=True))
        model(_picture(), training=True)
        after = _network(model).get_weights()
        for old, new in zip(before, after, strict=True):
            np.testing.assert_array_equal(old, new)
        np.testing.assert_allclose(
            np.asarray(model(_picture()[:1])), alone, atol=1e-6
        )


@pytest.mark.slow
def test_the_last_layers_learn_and_their_statistics_with_them(file, tmp_path):
    encoder = image_backbone(SMALL, SHAPE, 4, weights=file, trainable=3)
    encoder.save(tmp_path / "encoder.keras")
    again = mm.load_model(tmp_path / "encoder.keras")
    for model in (encoder, again):
        network = _network(model)
        known = [layer for layer in network.layers if layer.weights]
        assert [layer.trainable for layer in known[-4:]] == [False] + [True] * 3
        learning = [x for x in known if x.trainable_weights]
        assert learning == known[-3:]
        norms = layers(network, NORM)
        means = [np.array(layer.moving_mean) for layer in norms]
        model(_picture(), training=True)
        moved = [
            layer
            for layer, old in zip(norms, means, strict=True)
            if not np.array_equal(old, np.array(layer.moving_mean))
        ]
        assert moved == [layer for layer in norms if layer in learning] != []


@pytest.mark.variant
def test_free_networks_learn_everywhere():
    encoder = image_backbone(SMALL, SHAPE, 4)
    network = _network(encoder)
    assert all(layer.trainable for layer in network.layers)
    means = [np.array(layer.moving_mean) for layer in layers(network, NORM)]
    encoder(_picture(), training=True)
    for layer, old in zip(layers(network, NORM), means, strict=True):
        assert not np.array_equal(old, np.array(layer.moving_mean))


@pytest.mark.slow
@pytest.mark.parametrize("given", [False, True])
def test_the_same_network_twice_is_saved_and_loaded_without_download(
    given, file, tmp_path, monkeypatch
):
    def refuse(*arguments, **options):
        raise AssertionError("A download.")

    monkeypatch.setattr(file_utils, "urlretrieve", refuse)
    weights = file if given else None
    model = mm.models.fusion_model(
        {
            name: image_backbone(SMALL, SHAPE, 4, weights, name=name)
            for name in ("left", "right")
        },
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(2),
    )
    x = {"left": _picture(), "right": _picture()[::-1]}
    if given:  # Both begin alike; then one of them learns.
        left, right = (
            layers(model.get_layer(f"{name}_encoder"), mm.layers.Pretrained)[0]
            for name in ("left", "right")
        )
        for one, two in zip(
            left.get_weights(), right.get_weights(), strict=True
        ):
            np.testing.assert_array_equal(one, two)
        left.backbone.trainable_weights[0].assign_add(
            keras.ops.ones_like(left.backbone.trainable_weights[0])
        )
    answer = np.asarray(model(x)["label"])
    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(np.asarray(again(x)["label"]), answer, atol=1e-6)


def test_offline_says_in_one_line_what_is_missing(tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(file_utils, "urlretrieve", fail)
    monkeypatch.setattr(
        file_utils.config, "keras_home", lambda: str(tmp_path / "home")
    )
    with pytest.raises(mm.errors.ArgumentError) as caught:
        image_backbone(SMALL, SHAPE, weights="imagenet", trainable=False)
    message = str(caught.value)
    assert re.fullmatch(
        r"`image_backbone` could not download https://\S+small\S*\.h5\. "
        r"Try again, download it elsewhere and pass `weights=` its path, .*",
        message,
    )
    left = [x for x in (tmp_path / "home").rglob("*") if x.is_file()]
    assert left == []


@pytest.mark.variant
def test_files_that_do_not_fit_are_named(file, tmp_path):
    with pytest.raises(ValueError, match="There is no file .*lost.h5"):
        image_backbone(SMALL, SHAPE, weights=tmp_path / "lost.h5")
    with pytest.raises(ValueError, match=r"`.weights.h5` or `.h5`.*x\.npz"):
        image_backbone(SMALL, SHAPE, weights="x.npz")
    with pytest.raises(ValueError, match="Received: 3"):
        image_backbone(SMALL, SHAPE, weights=3)
    broken = tmp_path / "broken.weights.h5"
    broken.write_bytes(b"no weights")
    for name, given in (("VGG16", file), (SMALL, broken)):
        with pytest.raises(mm.errors.ArgumentError) as caught:
            image_backbone(name, SHAPE, weights=given)
        message = str(caught.value)
        assert f"cannot load {str(given)!r} into {name!r}" in message
        assert "\n" not in message
    with pytest.raises(ValueError, match="Use an EfficientNetV2"):
        image_backbone("EfficientNetB0", SHAPE, weights=file)


def test_what_cannot_be_is_refused(file):
    with pytest.raises(ValueError, match="Did you mean 'ResNet50'"):
        image_backbone("resnet50", SHAPE)
    with pytest.raises(ValueError, match="at least 32x32.*31, 40, 3"):
        image_backbone("VGG16", (31, 40, 3))
    with pytest.raises(ValueError, match="`channels` to be one of 1, 3"):
        image_backbone("VGG16", (32, 32, 4))
    with pytest.raises(ValueError, match="'mean', 'max', 'attention', None"):
        image_backbone("VGG16", SHAPE, pool="flatten")
    for trainable in (False, 2):
        with pytest.raises(ValueError, match="nothing to keep"):
            image_backbone("VGG16", SHAPE, trainable=trainable)
    with pytest.raises(ValueError, match="at most .*Received: 1000"):
        image_backbone(SMALL, SHAPE, weights=file, trainable=1000)
    with pytest.raises(ValueError, match="positive whole number"):
        image_backbone(SMALL, SHAPE, weights=file, trainable=-1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    re.findall(
        r"(\w+) +([\d.]+)(?: million parameters,)? +([\d.]+)(?: FLOPs)?\n",
        image_backbone.__doc__.replace("\n\n", "\n"),
    ),
    ids=lambda row: row[0],
)
def test_cost_is_that_of_the_docstring(row):
    name, millions, billions = row
    encoder = image_backbone(name, (224, 224, 3), units=1)
    network = _network(encoder)
    assert round(network.count_params() / 1e6, 1) == float(millions)
    assert round(flops(network) / 1e9, 1) == float(billions)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "ConvNeXtTiny",
        "DenseNet121",
        "EfficientNetB0",
        "EfficientNetV2B0",
        "InceptionResNetV2",
        "InceptionV3",
        "MobileNet",
        "MobileNetV2",
        "MobileNetV3Large",
        "NASNetMobile",
        "ResNet50",
        "ResNet50V2",
        "VGG19",
        "Xception",
    ],
)
def test_every_family_can_be_built_at_other_sizes(name):
    encoder = image_backbone(name, (80, 96, 3), 4, pool="attention")
    x = np.random.default_rng(0).uniform(0, 255, (1, 80, 96, 3))
    answer = np.asarray(encoder(x))
    assert answer.shape == (1, 4) and np.isfinite(answer).all()
