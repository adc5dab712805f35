"""The LiteRT file: run here, in the interpreter that phones have."""

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from mmfusion import encoders, export, files, fusion, models, tasks
from mmfusion.errors import ArgumentError, ExportError
from mmfusion.export import conversion


@pytest.fixture(scope="module")
def file(model, inputs, samples, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "model.tflite"
    return export.litert(model, path, inputs=inputs, samples=samples)


@pytest.fixture(scope="module")
def interpreter(file):
    return Interpreter(model_path=str(file))


@pytest.fixture
def gru_model():
    keras.utils.set_random_seed(0)
    return models.fusion_model(
        {
            "text": encoders.text_gru(9, length=5, units=4, embedding=4),
            "facts": encoders.vector_mlp(3, units=4),
        },
        fusion.ConcatFusion(4),
        tasks.Classification(2),
        optional=("text",),
    )


@pytest.fixture
def gru_samples():
    random = np.random.default_rng(0)
    return {
        "text": random.integers(0, 9, (3, 5)),
        "facts": random.normal(size=(3, 3)),
    }


def test_each_optional_modality_has_a_signature_without_it(interpreter):
    signatures = interpreter.get_signature_list()
    assert sorted(signatures) == [
        "serving_default",
        "without_sound",
        "without_text",
    ]
    assert sorted(signatures["without_text"]["inputs"]) == [
        "facts",
        "image",
        "sound",
        "sound_present",
    ]
    assert signatures["serving_default"]["outputs"] == ["label"]


def test_any_number_of_rows_and_bool_flags(interpreter, model, arrays):
    run = interpreter.get_signature_runner("serving_default")
    for rows in (1, 5):
        request = {name: x[:rows] for name, x in arrays.items()}
        expected = model.predict(request, verbose=0)["label"]
        np.testing.assert_allclose(run(**request)["label"], expected, atol=1e-5)


def test_without_text_is_as_without_text(interpreter, model, arrays):
    run = interpreter.get_signature_runner("without_text")
    request = {
        name: x[:3] for name, x in arrays.items() if not name.startswith("text")
    }
    expected = model.predict(request, verbose=0)["label"]
    np.testing.assert_allclose(run(**request)["label"], expected, atol=1e-5)


def test_every_signature_and_subset_was_compared(file):
    report = files.read_json(file.with_name("model.parity.json"))
    assert report["batch"] is None
    assert report["labels"] == {"label": ["cat", "dog", 3]}
    assert [(c["signature"], c["without"]) for c in report["cases"]] == [
        ("serving_default", []),
        ("serving_default", ["sound"]),
        ("serving_default", ["sound", "text"]),
        ("serving_default", ["text"]),
        ("without_sound", ["sound"]),
        ("without_sound", ["sound", "text"]),
        ("without_text", ["sound", "text"]),
        ("without_text", ["text"]),
    ]
    assert all(case["difference"] < 1e-5 for case in report["cases"])


def test_weights_are_stored_once(tmp_path):
    keras.utils.set_random_seed(0)
    model = models.fusion_model(
        {
            "a": encoders.vector_mlp(32, units=8, hidden=(4000,)),
            "b": encoders.vector_mlp(32, units=8, hidden=(4000,)),
        },
        fusion.ConcatFusion(8),
        tasks.Classification(2),
        optional=("a", "b"),
    )
    random = np.random.default_rng(0)
    samples = {name: random.normal(size=(2, 32)) for name in ("a", "b")}
    file = export.litert(model, tmp_path / "model.tflite", samples=samples)
    weights = 4 * model.count_params()
    assert 0.9 < file.stat().st_size / weights < 1.1


def test_recurrent_model_takes_one_row_and_says_so(
    gru_model, gru_samples, tmp_path
):
    file = export.litert(gru_model, tmp_path / "g.tflite", samples=gru_samples)
    report = files.read_json(tmp_path / "g.parity.json")
    assert report["batch"] == 1 and "TensorListReserve" in report["note"]
    shape = report["signatures"]["serving_default"]["inputs"]["text"]["shape"]
    assert shape == [1, 5]
    assert [(c["signature"], c["without"]) for c in report["cases"]] == [
        ("serving_default", []),
        ("serving_default", ["text"]),
        ("without_text", ["text"]),
    ]
    run = Interpreter(model_path=str(file)).get_signature_runner("without_text")
    facts = gru_samples["facts"][:1].astype("float32")
    np.testing.assert_allclose(
        run(facts=facts)["label"],
        gru_model.predict({"facts": facts}, verbose=0)["label"],
        atol=1e-5,
    )


def test_fixed_number_of_rows(gru_model, gru_samples, tmp_path):
    # Three samples, two rows a request: the last one is filled up.
    path = tmp_path / "two.tflite"
    export.litert(gru_model, path, samples=gru_samples, batch=2)
    report = files.read_json(tmp_path / "two.parity.json")
    assert report["batch"] == 2 and "note" not in report
    assert report["cases"][0]["rows"] == 3


def test_file_that_answers_otherwise_is_not_written(two_faced, tmp_path):
    samples = {"facts": np.ones((4, 3), "float32")}
    with pytest.raises(ExportError, match="`serving_default`.*difference"):
        export.litert(two_faced, tmp_path / "model.tflite", samples=samples)
    assert list(tmp_path.iterdir()) == []


def test_operation_that_is_not_built_in_is_named(tmp_path):
    vector = keras.Input((3,), name="facts")
    encoder = keras.Model(vector, Determinant()(vector))
    model = models.fusion_model(
        {"facts": encoder}, fusion.ConcatFusion(4), tasks.Classification(2)
    )
    with pytest.raises(ExportError, match="built-in.*MatrixDeterminant"):
        export.litert(
            model, tmp_path / "m.tflite", samples={"facts": np.ones((2, 3))}
        )
    assert list(tmp_path.iterdir()) == []


class Determinant(keras.layers.Layer):
    """An operation that LiteRT has only with TensorFlow beside it."""

    def call(self, x):
        matrix = x[:, :, None] * x[:, None, :] + keras.ops.eye(3)
        return keras.ops.reshape(keras.ops.det(matrix), (-1, 1))


def test_file_without_the_weights_is_refused(model):
    with pytest.raises(ExportError, match="has 40 bytes; the weights"):
        conversion.check_size(model, b"x" * 40)
    with pytest.raises(ExportError, match="has 900000 bytes; the weights"):
        conversion.check_size(model, b"x" * 900_000)


def test_suffix_is_added_and_a_file_is_never_replaced(small_model, tmp_path):
    samples = {"facts": np.ones((2, 3))}
    file = export.litert(small_model, tmp_path / "small", samples=samples)
    assert file == tmp_path / "small.tflite" and file.is_file()
    with pytest.raises(ArgumentError, match="small.tflite` exists already"):
        export.litert(small_model, tmp_path / "small", samples=samples)


def test_samples_are_required(model, tmp_path):
    with pytest.raises(ArgumentError, match="`litert` needs `samples`"):
        export.litert(model, tmp_path / "model.tflite")


def test_a_row_with_nothing_in_it_is_answered_as_by_the_model(tmp_path):
    """LiteRT has no infinity: it holds the largest number in its place."""
    keras.utils.set_random_seed(0)
    model = models.fusion_model(
        {name: encoders.vector_mlp(3, units=4, name=name) for name in "ab"},
        fusion.GatedFusion(4),
        tasks.Classification(2),
        optional=("a", "b"),
    )
    for weight in model.weights:  # A bias of zero would hide a wrong gate.
        weight.assign(weight + 0.5)
    samples = {name: np.ones((2, 3), "float32") for name in "ab"}
    path = export.litert(model, tmp_path / "m.tflite", samples=samples)
    report = files.read_json(path.with_name("m.parity.json"))
    assert ["a", "b"] in [case["without"] for case in report["cases"]]
