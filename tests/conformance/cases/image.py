"""Encoders of images."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats

CASES = [
    Case(
        "image_cnn",
        lambda: mm.encoders.image_cnn((9, 7, 3), units=6, hidden=(3, 4)),
        lambda: {"x": floats(9, 7, 3, low=0.0, high=255.0)},
        "encoder",
    ),
    Case(
        "image_resnet",
        lambda: mm.encoders.image_resnet((9, 7, 3), units=6, depth=8, width=2),
        lambda: {"x": floats(9, 7, 3, low=0.0, high=255.0)},
        "encoder",
    ),
    Case(
        "image_resnet",
        lambda: mm.encoders.image_resnet(
            (9, 7, 3), units=6, depth=8, width=2, pool=None, shortcut="project"
        ),
        lambda: {"x": floats(9, 7, 3, low=0.0, high=255.0)},
        "encoder",
        variant="sequence",
    ),
]
