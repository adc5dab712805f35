"""Labels and numbers as a server and a phone answer them."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion.errors import ArgumentError, ExportError
from mmfusion.export import parity, signature
from mmfusion.export.answer import answer

TAGS = ["sweet", "a|b", 7]
MEAN, DEVIATION = 1e6, 50.0


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    model = mm.models.fusion_model(
        {
            name: mm.encoders.vector_mlp(2, units=4, hidden=(), name=name)
            for name in ("facts", "sound")
        },
        mm.fusion.ConcatFusion(4),
        [
            mm.tasks.MultiLabel(TAGS, name="tags", threshold=0.45),
            mm.tasks.Regression(MEAN, DEVIATION, name="price"),
            mm.tasks.Classification(["no", "yes"]),
        ],
        optional=["sound"],
    )
    return model


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(0)
    return {
        name: 4 * random.normal(size=(16, 2)).astype("float32")
        for name in ("facts", "sound")
    }


def test_a_saved_model_answers_words_and_numbers(model, rows, tmp_path):
    folder = mm.export.saved_model(model, tmp_path, samples=rows)
    serve = tf.saved_model.load(folder).signatures["serving_default"]
    request = {k: x.copy() for k, x in rows.items()}
    request["facts"][0] = np.nan
    served = serve(
        **{k: tf.constant(x) for k, x in request.items()},
        sound_present=tf.ones(16, tf.bool),
    )
    served = {key: x.numpy() for key, x in served.items()}
    assert sorted(served) == [
        "label",
        "label_class",
        "price",
        "status",
        "tags",
        "tags_labels",
    ]
    assert served["price"].shape == (16,)
    assert served["price"][0] == 0 and served["tags_labels"][0] == b""
    assert served["label_class"][0] == b""
    expected = model.predict_on_batch(
        {**rows, "sound_present": np.ones(16, bool)}
    )
    seen = set()
    for row in range(1, 16):
        tags = model.tasks["tags"].answer(expected["tags"][row])[""]
        text = "|".join(map(str, tags))
        assert served["tags_labels"][row].decode() == text
        seen.add(len(tags))
    assert len(seen) > 2  # None, some and more.
    gap = served["price"][1:] - expected["price"][1:, 0]
    assert np.abs(gap).max() <= 1e-4 * DEVIATION + 0.13  # 2 ulp of a million.
    labels = json.loads((folder / "assets.extra/labels.json").read_text())
    assert labels == {"tags": TAGS, "label": ["no", "yes"]}


def test_a_litert_file_answers_the_same(model, rows, tmp_path):
    # It is compared with the model, for each subset, before it is written.
    file = mm.export.litert(model, tmp_path / "m.tflite", samples=rows)
    report = json.loads(file.with_name("m.parity.json").read_text())
    assert report["labels"]["tags"] == TAGS
    assert {case["signature"] for case in report["cases"]} == {
        "serving_default",
        "without_sound",
    }


def test_a_label_at_the_threshold_is_not_answered(model):
    tags = np.array([[0.45, np.nextafter(np.float32(0.45), 1), 0.4]], "float32")
    outputs = {
        "tags": tf.constant(tags),
        "price": tf.zeros((1, 1)),
        "label": tf.constant([[0.5, 0.5]]),
    }
    words = answer(model, outputs, tf.constant([""]))["tags_labels"]
    assert words.numpy().tolist() == [b"a|b"]
    assert model.tasks["tags"].answer(tags[0])[""] == ["a|b"]


def test_no_rows_are_answered_by_none(model):
    outputs = {
        "tags": tf.zeros((0, 3)),
        "price": tf.zeros((0, 1)),
        "label": tf.zeros((0, 2)),
    }
    answers = answer(model, outputs, tf.zeros((0,), tf.string))
    assert {tuple(x.shape[:1]) for x in answers.values()} == {(0,)}


def test_a_number_is_compared_in_its_deviations(model):
    assert parity.spreads(model) == {"tags": 1, "price": DEVIATION, "label": 1}
    values = np.full(3, 7.0, "float32")
    case = parity.compare(
        "s",
        (),
        {"price": values},
        {"price": values + 0.004},
        1e-4,
        {"price": 50.0},
    )
    assert case["difference"] == pytest.approx(0.004 / 50, rel=1e-2)
    with pytest.raises(ExportError, match="a difference of 0.00016"):
        parity.compare(
            "s",
            (),
            {"price": values},
            {"price": values + 0.008},
            1e-4,
            {"price": 50.0},
        )


def test_a_name_that_the_answer_has_is_refused(model):
    # A task cannot be called so; an output of a model by hand can.
    class Named:
        main_tasks = {"tags": None, "tags_labels": None}

    with pytest.raises(ArgumentError, match="'tags_labels' itself"):
        signature._check_outputs("saved_model", Named)
    with pytest.raises(ArgumentError, match="tags_labels"):
        mm.tasks.MultiLabel(2, name="tags_labels")
