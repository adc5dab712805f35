"""Saved modality objects and schemas, with anything in place of a value."""

import copy
import functools
import json

import hypothesis.strategies as st

from mmfusion.data import (
    Audio,
    Image,
    Several,
    Tabular,
    Text,
    Vector,
    Video,
    WordPieces,
)
from mmfusion.schema import Schema, TargetSchema
from tests.faults.fuzz.mutations import damaged

VALUES = [None, True, False, 0, 1, -1, 2, 3.5, 2**31, 10**400, 1e300, "", "x"]
VALUES += [[], [1], ["a", "a"], [None], {}, {"a": 1}, {"type": "image"}]
VALUES += [float("nan"), float("inf"), "image", "vector", [[1, 2]], "\0"]


@functools.cache
def files_of(kind):
    """List of the bytes of valid JSON files of a kind."""
    inputs = _inputs()
    if kind == "inputs_json":
        things = [{"format": 1, **x.settings()} for x in inputs.values()]
    else:
        things = [
            Schema(
                {name: x.describe() for name, x in inputs.items()},
                {
                    "a": TargetSchema("classification", {"classes": [1, 2]}),
                    "b": TargetSchema("regression", {"mean": 0.5}),
                },
            ).to_dict()
        ]
    return [json.dumps(thing).encode() for thing in things]


def _inputs():
    text = Text("words", kind="tf_idf", vocabulary_size=9)
    text.adapt(["red wine", "red car"])
    facts = Tabular(["stock", "brand"])
    facts.adapt([["1", "a"], ["2", "b"]])
    pieces = WordPieces(vocabulary_size=30, length=6)
    pieces.adapt(["red wine", "red car"])
    return {
        "text": text,
        "facts": facts,
        "pieces": pieces,
        "image": Image("file", size=(6, 8)),
        "audio": Audio("file", sample_rate=8000, num_mels=8),
        "video": Video("file", size=(8, 8), frames=4),
        "vector": Vector("v", dim=3),
        "photos": Several(Image(size=(6, 8)), "files", most=3),
    }


@st.composite
def damaged_json(draw, files):
    """A file where values are others or are gone, or with damaged bytes."""
    data = draw(st.sampled_from(files))
    if draw(st.integers(0, 3)) == 0:
        return draw(damaged([data]))
    found = json.loads(data)
    for _ in range(draw(st.integers(1, 2))):
        places = list(_places(found))
        if not places:
            break
        place, key = draw(st.sampled_from(places))
        change = draw(st.sampled_from(["value", "value", "value", "gone"]))
        if change == "gone":
            del place[key]
        else:
            place[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
    deep = draw(st.integers(0, 20)) == 0
    text = json.dumps(found)
    return (("[" * 5000 if deep else "") + text).encode()


def _places(value):
    """Yields `(container, key)` of every value in JSON."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])
