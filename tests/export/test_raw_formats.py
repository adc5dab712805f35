"""A row is served as it is predicted, or refused, whatever its format.

One model has all modalities; each row of one request has one format of
`FORMATS`, and is otherwise as good as any.
"""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion import data, export, fusion, models, schema
from mmfusion.data.modality import BadValue
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.export.raw import raw_request
from tests.export.formats import FORMATS, RATE

# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("formats")
CASES = [
    (modality, name) for modality, found in FORMATS.items() for name in found
]
FILES = ("image", "sound", "clip")
# As elsewhere: TensorFlow adds in another order in another graph.
CLOSE = 1e-5


def modalities():
    return {
        "image": data.Image("image", size=(6, 8)),
        "sound": data.Audio("sound", sample_rate=RATE, seconds=0.1, num_mels=4),
        "text": data.Text("text", "multi_hot", 9, optional=True, max_bytes=100),
        "facts": data.Tabular(["price", "colour"], ["price"], ["colour"]),
        "vector": data.Vector("vector", dim=3, optional=True, standardize=True),
        "walk": data.Vector("walk", dim=2, steps=3),
        "photos": data.Several(
            data.Image(size=(5, 5)), "photos", most=3, separator="|"
        ),
        "reviews": data.Several(
            data.Text(kind="multi_hot", vocabulary_size=6, max_bytes=100),
            "reviews",
            most=2,
        ),
        "clip": data.Video("clip", size=(5, 5), frames=2),
    }


class Rows:
    """Rows of a table, with files in a folder, and what a client sends."""

    def __init__(self, folder):
        self.folder = folder
        self.cells, self.sent = [], []

    def add(self, **values):
        cells = {}
        for modality, value in values.items():
            cells |= self._cells(modality, value)
        self.cells.append(cells)
        self.sent.append(values)

    def _cells(self, modality, value):
        if modality == "facts":
            return dict(zip(("price", "colour"), value, strict=True))
        if modality in FILES:
            value = self._file(modality, value)
        elif modality == "photos":
            value = "|".join(self._file(modality, one) for one in value)
        return {modality: value}

    def _file(self, modality, content):
        path = self.folder / f"{modality}-{len(list(self.folder.iterdir()))}"
        content = content.encode() if isinstance(content, str) else content
        path.write_bytes(content)
        return str(path)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Four rows to learn from, then one for each of `CASES`."""
    random = np.random.default_rng(0)
    rows = Rows(tmp_path_factory.mktemp("formats"))

    def good(at):
        return {
            "image": FORMATS["image"]["png"][0],
            "sound": FORMATS["sound"]["wav"][0],
            "text": ["red wine", "a café", "wine car"][at % 3],
            "facts": [str(at % 4), ["red", "blue"][at % 2]],
            # Tells the rows apart.
            "vector": random.normal(size=3).astype("float32").tolist(),
            "walk": FORMATS["walk"]["3-steps"][0],
            "photos": FORMATS["photos"]["one"][0],
            "reviews": ["red wine", "a café"],
            "clip": FORMATS["clip"]["mp4"][0],
        }

    for at in range(4):
        rows.add(**good(at))
    for at, (modality, name) in enumerate(CASES):
        rows.add(**{**good(at), modality: FORMATS[modality][name][0]})
    return rows


@pytest.fixture(scope="module")
def inputs(rows):
    """Modality objects that have learned from the first four rows."""
    found = modalities()
    for name, modality in found.items():
        cells = rows.cells[:4]
        given = cells if name == "facts" else [row[name] for row in cells]
        modality.adapt([modality.read(value) for value in given])
    return found


@pytest.fixture(scope="module")
def asked(rows, inputs):
    """The other rows, read as for a prediction."""
    return read_unlabelled(rows.cells[4:], inputs, None, True)


@pytest.fixture(scope="module")
def model(inputs):
    keras.utils.set_random_seed(0)
    small = {"units": 4, "hidden": [4]}
    label = schema.TargetSchema("classification", {"classes": ["a", "b", "c"]})
    model = models.from_schema(
        schema.Schema(
            {name: x.describe() for name, x in inputs.items()}, {"label": label}
        ),
        fusion.ConcatFusion(8),
        encoders={
            "image": small,
            "sound": small,
            "photos": {"units": 4, "encoder": small},
            "clip": {"units": 4, "encoder": {"name": "image_cnn", **small}},
            **{name: {"units": 4} for name in ("text", "facts", "vector")},
            **{name: {"units": 4} for name in ("walk", "reviews")},
        },
    )
    # Zero biases would hide much, and so would an answer that is certain.
    for weight in model.trainable_weights:
        weight.assign(0.4 * weight + 0.03)
    return model


@pytest.fixture(scope="module")
def served(rows, inputs, asked, model, tmp_path_factory):
    """The answers to one request of all rows."""
    folder = export.saved_model(
        model,
        tmp_path_factory.mktemp("export") / "served",
        inputs=inputs,
        samples=asked.take([0]).arrays()[0],  # Raw values are compared below.
    )
    raw = {
        name: [_sent(modality, sent[name]) for sent in rows.sent[4:]]
        for name, modality in inputs.items()
    }
    request = raw_request(model, inputs, raw)
    answers = tf.saved_model.load(folder).signatures["serving_raw"](**request)
    return {name: answer.numpy() for name, answer in answers.items()}


def _sent(modality, value):
    """What a client sends of a value; frames of a clip, if it has some."""
    if value is None:
        return None
    if isinstance(modality, data.Several):
        lack = modality.most - len(value)
        return [*value, *[""] * lack]
    if modality.decodes:
        return value
    try:
        return modality.read(value)
    except BadValue:
        return None


@pytest.fixture(scope="module")
def predicted(model, asked):
    """What `mmfusion predict` writes, a row, and all probabilities."""
    answers = asked.predict(model)
    good = [at for at, answer in enumerate(answers) if answer["status"] == "ok"]
    found = model.predict(asked.take(good).arrays()[0], verbose=0)["label"]
    probabilities = dict(zip(good, found, strict=True))
    return answers, probabilities


def every(cases):
    return pytest.mark.parametrize(
        "modality, name", cases, ids=["-".join(case) for case in cases]
    )


@every(CASES)
def test_what_is_served_is_what_is_predicted(modality, name, served, predicted):
    at = CASES.index((modality, name))
    (answer, probabilities) = (predicted[0][at], predicted[1].get(at))
    _, refused, cannot = FORMATS[modality][name]
    status = f"{modality}: {refused}" if refused else "ok"
    assert served["status"][at].decode() == status
    assert answer["status"] == (f"{modality}: {cannot}" if cannot else "ok")
    assert (answer["error"] == "") == (not cannot)
    if refused:  # No answer, and not that of another row.
        assert not served["label"][at].any()
        assert served["label_class"][at] == b""
        return
    np.testing.assert_allclose(served["label"][at], probabilities, atol=CLOSE)
    assert served["label_class"][at].decode() == answer["label"]
    np.testing.assert_allclose(
        served["label"][at].max(), answer["label_probability"], atol=CLOSE
    )


def test_no_row_could_be_taken_for_another(served):
    answered = served["label"][served["status"] == b"ok"]
    gaps = np.abs(answered[:, None] - answered[None]).max(axis=-1)
    gaps += np.eye(len(gaps))
    assert gaps.min() > 3 * CLOSE, gaps.min()


@functools.cache
def graph(function):
    """A method of a modality object as a graph, made once."""
    spec = function.__self__.raw_spec
    return tf.function(function, input_signature=[spec], autograph=False)


@every([case for case in CASES if not FORMATS[case[0]][case[1]][1]])
def test_what_a_graph_covers_is_read_bit_for_bit(
    modality, name, rows, inputs, asked
):
    at, kind = CASES.index((modality, name)), inputs[modality]
    value = asked.columns[modality].source.value(at)
    if not kind.decodes or kind.is_missing(value):
        return  # The tensor itself is sent, or nothing.
    raw = _sent(kind, rows.sent[4 + at][modality])
    raw = tf.constant(raw, kind.raw_spec.dtype)
    assert graph(kind.check)(raw) == ""
    array = kind.read(value)
    if modality in ("photos", "reviews"):
        made, mask = graph(kind.from_raw)(raw)
        np.testing.assert_array_equal(made, kind.transform(array))
        np.testing.assert_array_equal(mask, kind.mask(array))
        return
    decoded = graph(kind.decode)(raw).numpy()
    if kind.raw_spec.dtype == "string" and modality not in FILES:
        decoded = np.vectorize(bytes.decode, otypes="O")(decoded)
    else:
        assert decoded.dtype == array.dtype
    np.testing.assert_array_equal(decoded, array)
