"""Encoders of sounds."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats, steps_that_count


def _sounds():
    return {"x": floats(9, 7, low=-13.8, high=4.0)}


def _masked_sounds():
    return {"x": {"audio": _sounds()["x"], "mask": steps_that_count(9)}}


def _transformer(**options):
    return mm.encoders.audio_transformer(
        (9, 7),
        units=6,
        patch=(4, 4),
        embedding=8,
        num_layers=1,
        num_heads=2,
        hidden=5,
        **options,
    )


def _waveform(**options):
    return mm.encoders.waveform_cnn(40, units=6, hidden=(3, 4), **options)


CASES = [
    Case(
        "audio_cnn",
        lambda: mm.encoders.audio_cnn((9, 7), units=6, hidden=(3, 4)),
        _sounds,
        "encoder",
    ),
    Case(
        "audio_cnn",
        lambda: mm.encoders.audio_cnn(
            (9, 7), units=6, hidden=(3, 4), pool=None
        ),
        _sounds,
        "encoder",
        "sequence",
    ),
    Case("audio_transformer", _transformer, _sounds, "encoder"),
    Case(
        "audio_transformer",
        lambda: _transformer(masked=True),
        _masked_sounds,
        "encoder",
        "masked",
    ),
    Case(
        "audio_transformer",
        lambda: _transformer(pool=None),
        _sounds,
        "encoder",
        "sequence",
    ),
    Case("waveform_cnn", _waveform, lambda: {"x": floats(40)}, "encoder"),
    Case(
        "waveform_cnn",
        lambda: _waveform(pool=None),
        lambda: {"x": floats(40)},
        "encoder",
        "sequence",
    ),
]
