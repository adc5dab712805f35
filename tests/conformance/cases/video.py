"""Encoders of clips."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats, steps_that_count


def _clips():
    return floats(5, 6, 4, 3, low=0.0, high=255.0)


def _masked_clips():
    return {"x": {"mask": steps_that_count(5), "video": _clips()}}


def _frames(over_time="mean", masked=True, **options):
    frame = {"name": "image_cnn", "units": 5, "hidden": (3,)}
    return mm.encoders.video_frames(
        (5, 6, 4, 3),
        frame,
        units=6,
        over_time=over_time,
        masked=masked,
        num_heads=2,
        **options,
    )


def _cnn3d(**options):
    return mm.encoders.video_cnn3d(
        (5, 6, 4, 3), units=6, hidden=(3, 4), **options
    )


CASES = [
    Case("video_cnn3d", _cnn3d, lambda: {"x": _clips()}, "encoder"),
    Case(
        "video_cnn3d",
        lambda: _cnn3d(masked=True),
        _masked_clips,
        "encoder",
        "masked",
    ),
    Case(
        "video_cnn3d",
        lambda: _cnn3d(pool=None),
        lambda: {"x": _clips()},
        "encoder",
        "sequence",
    ),
    Case("video_frames", _frames, _masked_clips, "encoder"),
    Case(
        "video_frames",
        lambda: _frames("attention"),
        _masked_clips,
        "encoder",
        "attention",
    ),
    Case(
        "video_frames", lambda: _frames("gru"), _masked_clips, "encoder", "gru"
    ),
    Case(
        "video_frames",
        lambda: _frames("transformer"),
        _masked_clips,
        "encoder",
        "transformer",
    ),
    Case(
        "video_frames",
        lambda: _frames("transformer", pool=None),
        _masked_clips,
        "encoder",
        "sequence",
    ),
]
