"""Encoders of texts, and the layer of their word vectors."""

import mmfusion as mm
from tests.conformance.cases.case import ROWS, Case, floats, random

SMALL = {"length": 5, "units": 6, "embedding": 4}


def _ids():
    return {"x": random(0).integers(0, 9, (ROWS, 5)).astype("int32")}


def _cases(encoder, **arguments):
    """The encoder with a pooled outcome, as a sequence, and with vectors."""
    create = getattr(mm.encoders, encoder)
    variants = {
        "": {},
        "sequence": {"pool": None},
        "vectors": {"vectors": random(1).normal(size=(9, 4))},
    }
    return [
        Case(
            encoder,
            lambda given=given: create(9, **SMALL, **arguments, **given),
            _ids,
            "encoder",
            variant=variant,
        )
        for variant, given in variants.items()
    ]


CASES = [
    Case(
        "text_bag",
        lambda: mm.encoders.text_bag(9, units=6, hidden=(5,)),
        lambda: {"x": floats(9, low=0.0)},
        "encoder",
    ),
    *_cases("text_cnn", filters=3, widths=(2, 3)),
    *_cases("text_gru"),
    Case(
        "text_gru",
        lambda: mm.encoders.text_gru(9, **SMALL, bidirectional=True),
        _ids,
        "encoder",
        variant="bidirectional",
    ),
    *_cases("text_transformer", num_layers=1, num_heads=2),
    *_cases("text_vectors", hidden=(5,)),
    Case(
        "sentence_bert",
        lambda: mm.pretrained.sentence_bert(
            mm.encoders.text_transformer(9, **SMALL, num_heads=2, pool=None)
        ),
        _ids,
        "encoder",
    ),
]
