"""The signature of raw values: one broken row spoils one row."""

import io
import pathlib
import subprocess
import sys

import numpy as np
import PIL.Image
import pytest
import tensorflow as tf

from mmfusion import data, export, files
from mmfusion.errors import ArgumentError

# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("raw")

# Serves in a process that cannot import the package.
SERVE = """
import sys
sys.modules["mmfusion"] = None
import numpy as np
import tensorflow as tf

folder, store = sys.argv[1:]
loaded = tf.saved_model.load(folder)
with np.load(store) as given:
    for name in ("serving_default", "serving_raw"):
        request = {
            key.removeprefix(name + "/"): tf.constant(given[key].tolist()
            if given[key].dtype.kind == "S" else given[key])
            for key in given.files
            if key.startswith(name)
        }
        gap = loaded.signatures[name](**request)["label"] - given["expected"]
        print(name, float(tf.reduce_max(tf.abs(gap))))
"""


@pytest.fixture(scope="module")
def served(folder):
    loaded = tf.saved_model.load(folder)

    def serve(**request):
        answers = loaded.signatures["serving_raw"](
            **{key: tf.constant(x) for key, x in request.items()}
        )
        return {key: x.numpy().tolist() for key, x in answers.items()}

    return serve


@pytest.fixture
def request_of(samples):
    """A good request of some rows."""

    def make(rows):
        raw = samples.raw(rows)
        return {
            "facts": np.array([list(x) for x in raw["facts"]]).astype("S"),
            "image_bytes": raw["image"],
            "sound": np.array(raw["sound"]),
            "sound_present": np.ones(len(rows), bool),
            "text": raw["text"],
        }

    return make


def image_bytes(mode, format):
    file = io.BytesIO()
    PIL.Image.new(mode, (8, 8)).save(file, format)
    return file.getvalue()


def test_raw_and_default_agree_with_the_model(folder):
    cases = files.read_json(folder / "assets.extra/parity.json")["cases"]
    assert [(case["signature"], case["without"]) for case in cases] == [
        ("serving_default", []),
        ("serving_default", ["sound"]),
        ("serving_default", ["text"]),
        ("serving_default", ["sound", "text"]),
        ("serving_raw", []),
        ("serving_raw", ["sound"]),
        ("serving_raw", ["text"]),
    ]
    assert all(case["difference"] < 1e-5 for case in cases)
    assert all(case["rows"] == 16 for case in cases)


def test_one_broken_row_spoils_one_row(served, request_of):
    request = request_of([0, 1, 2])
    good = served(**request)
    assert good["status"] == [b"ok"] * 3
    whole = request["image_bytes"][1]
    for broken, reason in {
        whole[: len(whole) // 2]: b"image: cannot be decoded",
        b"no image at all": b"image: unsupported format",
        b"": b"image: missing",
        image_bytes("RGB", "GIF"): b"image: unsupported format",
    }.items():
        request["image_bytes"][1] = broken
        answers = served(**request)
        assert answers["status"] == [b"ok", reason, b"ok"]
        assert answers["label_class"][1] == b""
        assert answers["label"][1] == [0.0, 0.0, 0.0]
        np.testing.assert_allclose(
            [answers["label"][0], answers["label"][2]],
            [good["label"][0], good["label"][2]],
            atol=1e-6,
        )


def test_all_reasons_of_a_row_are_joined(served, request_of):
    request = request_of([0, 1])
    request["image_bytes"][0] = b""
    request["facts"] = [["cheap", "a"], ["1", "a"]]
    request["sound"][0] = [1.0, np.nan, 0.0]
    request["text"][0] = b"\xff\xfe"
    status = served(**request)["status"]
    assert status == [
        b"facts: not a number; image: missing; sound: not a number; "
        b"text: cannot be decoded",
        b"ok",
    ]


def test_what_is_optional_may_be_empty(served, request_of, model, samples):
    request = request_of([0, 1])
    request["text"][0] = "  "
    request["sound_present"][0] = False
    request["sound"][0] = np.nan
    answers = served(**request)
    arrays, _ = samples.arrays([0, 1])
    arrays["text_present"][0] = arrays["sound_present"][0] = False
    expected = model.predict(arrays, verbose=0)["label"]
    assert answers["status"] == [b"ok", b"ok"]
    np.testing.assert_allclose(answers["label"], expected, atol=1e-5)
    full = served(**request_of([0, 1]))["label"]
    assert abs(np.array(full[0]) - answers["label"][0]).max() > 1e-4


def test_what_is_needed_may_not_be_empty(served, request_of):
    request = request_of([0, 1])
    request["facts"] = [["", " "], ["", "a"]]
    assert served(**request)["status"] == [b"facts: missing", b"ok"]


def test_empty_request_gets_an_empty_answer(served):
    answers = served(
        facts=np.zeros((0, 2), "S1"),
        image_bytes=np.zeros((0,), "S1"),
        sound=np.zeros((0, 3), "float32"),
        sound_present=np.zeros((0,), bool),
        text=np.zeros((0,), "S1"),
    )
    assert answers == {"label": [], "label_class": [], "status": []}


def test_unequal_rows_are_named(served, request_of):
    request = request_of([0, 1]) | {"text": ["red"]}
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="`serving_raw` expects as many"
    ):
        served(**request)


def test_served_without_the_package(folder, request_of, model, samples):
    rows = [0, 1, 2]
    arrays, _ = samples.arrays(rows)
    given = {f"serving_default/{key}": x for key, x in arrays.items()}
    raw = request_of(rows)
    # An array of bytes ends at the last byte that is not zero; so do PNGs.
    given |= {f"serving_raw/{key}": np.array(x) for key, x in raw.items()}
    for key, x in given.items():
        given[key] = x.astype("S") if x.dtype.kind == "U" else x
    store = folder.parents[1] / "request.npz"
    expected = model.predict(arrays, verbose=0)["label"]
    np.savez(store, expected=expected, **given)
    done = subprocess.run(
        [sys.executable, "-c", SERVE, folder, store],
        capture_output=True,
        text=True,
        cwd=pathlib.Path("/"),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    gaps = dict(line.split() for line in done.stdout.splitlines())
    assert sorted(gaps) == ["serving_default", "serving_raw"]
    assert all(float(gap) < 1e-4 for gap in gaps.values())


def test_modalities_must_be_those_of_the_model(
    model, inputs, samples, tmp_path
):
    def refused(changed, message):
        with pytest.raises(ArgumentError, match=message):
            export.saved_model(
                model, tmp_path / "served", inputs=changed, samples=samples
            )

    refused({"image": inputs["image"]}, r"Received: \['image'\]")
    larger = data.Image(size=(9, 9))
    refused(inputs | {"image": larger}, r"'image' to give float32 \(8, 8, 3\)")
