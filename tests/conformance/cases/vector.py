"""Encoders of vectors."""

import mmfusion as mm
from tests.conformance.cases.case import Case, floats, steps_that_count


def _vectors():
    return {"x": {"mask": steps_that_count(5), "vectors": floats(5, 3)}}


def _sequence(over_time="mean", **options):
    return mm.encoders.vector_sequence(
        (5, 3),
        units=6,
        hidden=(4,),
        over_time=over_time,
        masked=True,
        num_heads=2,
        **options,
    )


CASES = [
    Case(
        "vector_mlp",
        lambda: mm.encoders.vector_mlp(4, units=6, hidden=(5,)),
        lambda: {"x": floats(4)},
        "encoder",
    ),
    *(
        Case(
            "vector_sequence",
            lambda way=way: _sequence(way),
            _vectors,
            "encoder",
            way,
        )
        for way in ("mean", "attention", "gru", "transformer")
    ),
    Case(
        "vector_sequence",
        lambda: _sequence("gru", pool=None),
        _vectors,
        "encoder",
        "sequence",
    ),
]
