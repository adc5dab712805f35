"""Exports of a model with masks of steps: clips, several texts, sequences."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion import data, export, files, fusion, models
from mmfusion.errors import ArgumentError

# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("masked")


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(0)
    clips = [
        random.integers(0, 256, (n, 6, 6, 3), "uint8") if n else None
        for n in (1, 3, 0, 2)
    ]
    walks = [random.normal(size=(n, 2)).astype("f4") for n in (3, 1, 2, 3)]
    reviews = [["red wine"], ["old boat", "red"], ["wine"], ["", "boat"]]
    return data.from_arrays(
        {"clip": clips, "reviews": reviews, "walk": walks},
        {"label": ["cat", "dog", "dog", "cat"]},
        modalities={
            "clip": data.Video(size=(6, 6), frames=3, optional=True),
            "reviews": data.Several(
                data.Text(kind="multi_hot", vocabulary_size=6, max_bytes=50),
                most=2,
            ),
            "walk": data.Vector(dim=2, steps=3, standardize=True),
        },
        splits={"train": range(4)},
    )


@pytest.fixture(scope="module")
def model(samples):
    keras.utils.set_random_seed(0)
    small = {"name": "image_cnn", "units": 4, "hidden": [4]}
    model = models.from_schema(
        samples.schema,
        fusion.ConcatFusion(4),
        encoders={
            "clip": {"units": 4, "encoder": small},
            "reviews": {"units": 4, "encoder": {"units": 4}},
            "walk": {"units": 4, "hidden": []},
        },
    )
    for weight in model.trainable_weights:  # Zero biases would hide much.
        weight.assign_add(np.full(weight.shape, 0.1))
    return model


@pytest.fixture(scope="module")
def folder(model, samples, tmp_path_factory):
    path = tmp_path_factory.mktemp("masked") / "served"
    return export.saved_model(
        model, path, inputs=samples.inputs, samples=samples.train
    )


@pytest.fixture(scope="module")
def served(folder):
    loaded = tf.saved_model.load(folder)

    def serve(**request):
        answers = loaded.signatures["serving_raw"](
            **{key: tf.constant(x) for key, x in request.items()}
        )
        return {key: x.numpy() for key, x in answers.items()}

    return serve


@pytest.fixture
def request_of_all(samples):
    arrays, _ = samples.train.arrays()
    return {
        "clip": arrays["clip"].astype("uint8"),
        "clip_mask": arrays["clip_mask"],
        "clip_present": arrays["clip_present"],
        "reviews": [["red wine", ""], ["old boat", "red"], ["wine", ""],
                    ["", "boat"]],
        "walk": np.array([
            np.pad(walk, [(0, 3 - len(walk)), (0, 0)])
            for walk in samples.train.raw()["walk"]
        ]),
        "walk_mask": arrays["walk_mask"],
    }  # fmt: skip


def test_both_signatures_agree_with_the_model(folder):
    cases = files.read_json(folder / "assets.extra/parity.json")["cases"]
    assert [(case["signature"], case["without"]) for case in cases] == [
        ("serving_default", []),
        ("serving_default", ["clip"]),
        ("serving_raw", []),
        ("serving_raw", ["clip"]),
    ]
    assert all(case["difference"] < 1e-5 for case in cases)
    assert all(case["rows"] == 4 for case in cases)
    assert not any("rewritten" in case for case in cases)
    schema = files.read_json(folder / "assets.extra/schema.json")
    raw = schema["signatures"]["serving_raw"]["inputs"]
    assert raw["clip"] == {"shape": [None, 3, 6, 6, 3], "dtype": "uint8"}
    assert raw["clip_mask"] == {"shape": [None, 3], "dtype": "bool"}
    assert raw["reviews"] == {"shape": [None, 2], "dtype": "string"}


def test_what_is_served_is_what_the_model_says(
    served, request_of_all, model, samples
):
    answers = served(**request_of_all)
    expected = model.predict_on_batch(samples.train.arrays()[0])["label"]
    assert answers["status"].tolist() == [b"ok"] * 4
    np.testing.assert_allclose(answers["label"], expected, atol=1e-6)
    # What lies in steps that are not there is nothing.
    for name in ("clip", "walk"):
        nothing = ~request_of_all[f"{name}_mask"]
        request_of_all[name] = request_of_all[name].copy()
        request_of_all[name][nothing] = 77 if name == "clip" else np.nan
    np.testing.assert_array_equal(
        served(**request_of_all)["label"], answers["label"]
    )


def test_each_row_has_its_status(served, request_of_all):
    good = served(**request_of_all)["label"]
    request_of_all["reviews"] = [
        ["red wine", "a" * 51], ["", " "], ["wine", b"caf\xe9"], ["", "boat"]
    ]  # fmt: skip
    request_of_all["walk"][1, 0] = np.nan
    request_of_all["walk_mask"] = request_of_all["walk_mask"].copy()
    request_of_all["walk_mask"][2] = False
    request_of_all["clip_mask"] = np.zeros((4, 3), bool)
    answers = served(**request_of_all)
    assert answers["status"].tolist() == [
        b"reviews: value 2: too large",
        b"reviews: missing; walk: not a number",
        b"reviews: value 2: cannot be decoded; walk: missing",
        b"ok",
    ]
    assert not answers["label"][:3].any()
    # Without a frame there is no clip, which is optional.
    request_of_all["clip_present"] = np.zeros(4, bool)
    again = served(**request_of_all)["label"]
    np.testing.assert_array_equal(again, answers["label"])
    assert np.abs(again[3] - good[3]).max() > 1e-4


def test_litert_takes_the_masks(model, samples, tmp_path):
    path = export.litert(model, tmp_path / "m", samples=samples.train)
    report = files.read_json(path.with_name("m.parity.json"))
    assert {case["signature"] for case in report["cases"]} == {
        "serving_default",
        "without_clip",
    }
    assert all(case["difference"] < 1e-5 for case in report["cases"])
    taken = report["signatures"]["serving_default"]["inputs"]
    assert taken["walk_mask"] == {"shape": [None, 3], "dtype": "bool"}
    taken = report["signatures"]["without_clip"]["inputs"]
    assert sorted(taken) == [
        "reviews", "reviews_mask", "walk", "walk_mask"
    ]  # fmt: skip


def test_a_modality_must_give_the_mask_of_the_model(model, samples, tmp_path):
    inputs = samples.inputs | {"walk": data.Vector(dim=2)}
    with pytest.raises(
        ArgumentError, match=r"'walk' to give \['walk', 'walk_mask'\]"
    ):
        export.saved_model(
            model, tmp_path / "served", inputs=inputs, samples=samples.train
        )
    inputs = samples.inputs | {"walk": data.Vector(dim=2, steps=4)}
    with pytest.raises(ArgumentError, match=r"to give float32 \(3, 2\)"):
        export.saved_model(
            model, tmp_path / "served", inputs=inputs, samples=samples.train
        )
