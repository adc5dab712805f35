"""An export of samples that come in formats which only the host reads."""

import json
import warnings

import keras
import numpy as np
import pytest
import soundfile
import tensorflow as tf

import mmfusion as mm

RATE = 8000


def _table(folder, endings):
    """A table of sounds, two a row, and its data."""
    random = np.random.default_rng(0)
    lines = ["one,more,label"]
    for row in range(12):
        names = []
        for part in range(2):
            ending, subtype = endings[(row + part) % len(endings)]
            names.append(f"{row}-{part}.{ending}")
            sound = random.uniform(-0.5, 0.5, 900)
            path = folder / names[-1]
            soundfile.write(path, sound, RATE, subtype=subtype)
        lines.append(f"{names[0]},{'|'.join(names)},{'ab'[row % 2]}")
    path = folder / "t.csv"
    path.write_text("\n".join(lines))
    sound = {"sample_rate": RATE, "seconds": 0.1, "num_mels": 8}
    return mm.data.read(
        path,
        {
            "one": mm.data.Audio("one", optional=True, **sound),
            "more": mm.data.Several(
                mm.data.Audio(**sound), "more", most=2, separator="|"
            ),
        },
        "label",
        split={},
    )


def _model(data):
    keras.utils.set_random_seed(0)
    small = {"units": 4, "hidden": [4]}
    return mm.models.from_schema(
        data.schema,
        mm.fusion.ConcatFusion(4),
        encoders={"one": small, "more": {"units": 4, "encoder": small}},
    )


def _cases(folder):
    path = folder / "assets.extra" / "parity.json"
    return json.loads(path.read_text())["cases"]


def test_files_that_no_graph_reads_are_converted_and_said(tmp_path):
    data = _table(tmp_path, [("flac", "PCM_24"), ("wav", "FLOAT")])
    model = _model(data)
    told = "12 of 12 .* 'more' .value 1: .*; 12 of 12 values of 'one' .*encode"
    with pytest.warns(UserWarning, match=told):
        folder = mm.export.saved_model(
            model, tmp_path / "served", data.inputs, data.train
        )
    cases = [c for c in _cases(folder) if c["signature"] == "serving_raw"]
    assert cases and all(case["rows"] == 12 for case in cases)
    assert cases[0]["rewritten"] == {
        "more": ["value 1: unsupported format"],
        "one": ["unsupported format"],
    }
    # What the warning says a client has to do is served as it is predicted.
    served = tf.saved_model.load(folder).signatures["serving_raw"]
    one, more = data.inputs["one"], data.inputs["more"]
    raw = data.train.raw([0])
    sent = one.encode(one.read(str(tmp_path / "0-0.flac")))
    answer = served(
        one_bytes=tf.constant([sent]),
        more_bytes=tf.constant([more.encode(more.read(raw["more"][0]))]),
    )
    expected = model.predict(data.train.arrays([0])[0], verbose=0)["label"]
    assert answer["status"].numpy() == [b"ok"]
    # 16 bits of 24: equal but for their rounding.
    np.testing.assert_allclose(answer["label"], expected, atol=1e-3)
    unread = served(
        one_bytes=tf.constant([raw["one"][0]]),
        more_bytes=tf.constant([raw["more"][0]]),
    )
    assert unread["status"].numpy() == [
        b"more: value 1: unsupported format; one: unsupported format"
    ]


def test_nothing_is_said_of_files_that_are_served_as_they_are(tmp_path):
    data = _table(tmp_path, [("wav", "PCM_16")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folder = mm.export.saved_model(
            _model(data), tmp_path / "served", data.inputs, data.train
        )
    assert not any("rewritten" in case for case in _cases(folder))
