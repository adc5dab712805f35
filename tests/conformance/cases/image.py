"""Encoders of images."""

import functools

import mmfusion as mm
from tests.conformance.cases.case import Case, floats


def _case(name, shape=(9, 7, 3), variant="", slow=False, **settings):
    encoder = getattr(mm.encoders, name)
    return Case(
        name,
        functools.partial(encoder, shape=shape, units=6, **settings),
        lambda: {"x": floats(*shape, low=0.0, high=255.0)},
        "encoder",
        variant,
        slow,
    )


# The network of `keras.applications` with the fewest layers.
_VGG16 = {"backbone": "VGG16", "shape": (32, 32, 3), "slow": True}
_RESNET = {"depth": 8, "width": 2}
_VIT = {
    "shape": (6, 4, 3),
    "patch": (3, 2),
    "embedding": 4,
    "num_layers": 1,
    "num_heads": 2,
}

CASES = [
    _case("image_backbone", **_VGG16),
    _case("image_backbone", variant="sequence", pool=None, **_VGG16),
    _case("image_cnn", hidden=(3, 4)),
    _case("image_cnn", variant="sequence", hidden=(3, 4), pool=None),
    _case("image_resnet", **_RESNET),
    _case(
        "image_resnet",
        variant="sequence",
        pool=None,
        shortcut="project",
        **_RESNET,
    ),
    _case("image_vgg16", (32, 33, 3), hidden=(5,), width=1),
    _case(
        "image_vgg16",
        (32, 33, 3),
        variant="sequence",
        hidden=(5,),
        width=1,
        pool=None,
    ),
    _case("image_vit", pool="token", **_VIT),
    _case("image_vit", variant="sequence", pool=None, **_VIT),
]
