"""Layers of convolutional networks."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats

CASES = [
    Case(
        "ConvPoolBlock",
        lambda: mm.layers.ConvPoolBlock(3, implementation="fused"),
        lambda: {"x": floats(5, 7, 2)},
        "layer",
    ),
    Case(
        "BatchNorm",
        lambda: mm.layers.BatchNorm(),
        lambda: {"inputs": floats(5, 3, 4)},
        "layer",
    ),
]
