"""Encoders of sounds."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats

CASES = [
    Case(
        "audio_cnn",
        lambda: mm.encoders.audio_cnn((9, 7), units=6, hidden=(3, 4)),
        lambda: {"x": floats(9, 7, low=-13.8, high=4.0)},
        "encoder",
    ),
    Case(
        "waveform_cnn",
        lambda: mm.encoders.waveform_cnn(40, units=6, hidden=(3, 4)),
        lambda: {"x": floats(40)},
        "encoder",
    ),
]
