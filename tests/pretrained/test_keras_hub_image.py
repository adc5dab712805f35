"""Image backbones: pixels as they expect them, places as steps."""

import keras
import numpy as np
import pytest

from mmfusion.errors import ArgumentError

hub = pytest.importorskip("keras_hub", reason="needs mmfusion[hub]")
from mmfusion.pretrained import keras_hub_image  # noqa: E402
from tests.pretrained.backbones import bert, pixels, res_net, vit  # noqa: E402


def test_it_is_the_backbone_and_the_mean_over_places():
    backbone, x = res_net(), pixels()
    model = keras_hub_image(backbone, (10, 9, 3), scale=0.5, offset=[1, 2, 3])
    expected = backbone.predict(0.5 * x + [1, 2, 3], verbose=0).mean((1, 2))
    np.testing.assert_allclose(
        model.predict(x, verbose=0), expected, rtol=1e-4, atol=1e-5
    )


def test_a_backbone_with_a_size_gets_the_image_resized():
    backbone, x = vit(), pixels()
    model = keras_hub_image(backbone, (10, 9, 3), scale=0.01, pool="first")
    small = keras.layers.Resizing(8, 8)(x)
    expected = backbone.predict(0.01 * np.array(small), verbose=0)[:, 0]
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, atol=1e-5)
    steps = keras_hub_image(backbone, (10, 9, 3), scale=0.01, pool=None)
    assert steps.output["sequence"].shape == (None, 5, 8)
    assert steps.output["mask"].shape == (None, 5)


def test_a_preset_says_how_it_wants_its_pixels(tmp_path):
    backbone = res_net()
    backbone.save_to_preset(str(tmp_path))
    with pytest.raises(ArgumentError, match="finds no scale"):
        keras_hub_image(tmp_path, (10, 9, 3))
    hub.layers.ResNetImageConverter(
        scale=[0.1, 0.2, 0.3], offset=[-1.0, -2.0, -3.0]
    ).save_to_preset(str(tmp_path))
    expected = keras_hub_image(
        backbone, (10, 9, 3), scale=[0.1, 0.2, 0.3], offset=[-1, -2, -3]
    )
    np.testing.assert_allclose(
        keras_hub_image(tmp_path, (10, 9, 3)).predict(pixels(), verbose=0),
        expected.predict(pixels(), verbose=0),
        rtol=1e-5,
    )


def test_frozen_its_moving_statistics_stay():
    model = keras_hub_image(res_net(), (10, 9, 3), units=2, scale=0.01)
    before = [np.array(w) for w in model.get_layer("backbone").weights]
    model.compile("sgd", loss="mse")
    model.fit(pixels(), np.ones((4, 2)), verbose=0)
    for x, y in zip(before, model.get_layer("backbone").weights, strict=True):
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize(
    ("backbone", "options", "match"),
    [
        (bert, {}, "takes RGB images. Received: a `BertBackbone`"),
        (res_net, {"shape": (10, 9, 1)}, "3 channels"),
        (res_net, {"scale": None}, "finds no scale"),
        (res_net, {"pool": "first"}, "no class token"),
        (res_net, {"lora_rank": 2}, "no attention to add LoRA"),
        (res_net, {"pool": "sentence"}, "`pool`"),
    ],
    ids=str,
)
def test_what_does_not_fit_the_backbone_is_refused(backbone, options, match):
    options = {"shape": (10, 9, 3), "scale": 0.01, **options}
    with pytest.raises(ArgumentError, match=match):
        keras_hub_image(backbone(), **options)
