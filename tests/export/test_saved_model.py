import numpy as np
import pytest
import tensorflow as tf

from mmfusion import decision, encoders, export, files, fusion, models, tasks
from mmfusion.errors import ArgumentError, ExportError


@pytest.fixture(scope="module")
def served(model, arrays, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "served"
    return export.saved_model(model, path, samples=arrays)


def read(served, name):
    return files.read_json(served / "assets.extra" / f"{name}.json")


def call(folder, request, name="serving_default"):
    loaded = tf.saved_model.load(folder)
    answers = loaded.signatures[name](
        **{key: tf.constant(x) for key, x in request.items()}
    )
    return {key: x.numpy() for key, x in answers.items()}


def request(arrays, rows=4, present=True):
    flags = {"text_present": np.full(rows, present)}
    return {name: x[:rows] for name, x in arrays.items()} | flags


def test_first_version_is_1_and_lies_alone(served):
    assert served.name == "1"
    assert [entry.name for entry in served.parent.iterdir()] == ["1"]


def test_answers_as_the_model_with_classes_as_text(served, model, arrays):
    answers = call(served, request(arrays))
    expected = model.predict(request(arrays), verbose=0)["label"]
    assert set(answers) == {"label", "label_class", "status"}
    np.testing.assert_allclose(answers["label"], expected, atol=1e-6)
    names = [["cat", "dog", "3"][i] for i in expected.argmax(axis=1)]
    assert [x.decode() for x in answers["label_class"]] == names
    assert set(answers["status"]) == {b"ok"}


def test_each_subset_of_the_optional_was_compared(served):
    parity = read(served, "parity")
    assert [case["without"] for case in parity["cases"]] == [[], ["text"]]
    assert all(case["difference"] <= 1e-4 for case in parity["cases"])
    assert all(case["rows"] == 16 for case in parity["cases"])


def test_row_with_nan_is_told_and_the_others_answered(served, arrays):
    broken = request(arrays)
    broken["facts"] = broken["facts"].copy()
    broken["facts"][1] = np.nan
    answers = call(served, broken)
    expected = call(served, request(arrays))
    assert answers["status"][1] == b"facts: not a number"
    assert answers["label_class"][1] == b""
    np.testing.assert_array_equal(answers["label"][1], 0)
    others = [0, 2, 3]
    np.testing.assert_allclose(
        answers["label"][others], expected["label"][others], atol=1e-6
    )
    assert set(answers["status"][others]) == {b"ok"}


def test_empty_request_gets_an_empty_answer(served, arrays):
    answers = call(served, request(arrays, rows=0))
    assert answers["label"].shape == (0, 3)
    assert answers["status"].shape == (0,)


def test_unequal_rows_are_named(served, arrays):
    uneven = request(arrays) | {"image": arrays["image"][:2]}
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        call(served, uneven)
    assert "`serving_default` expects as many rows in" in str(error.value)
    assert "image" in str(error.value) and "facts" in str(error.value)


def test_labels_schema_and_versions_travel_with_it(served):
    assert read(served, "labels") == {"label": ["cat", "dog", 3]}
    schema = read(served, "schema")
    assert schema["optional"] == ["text"]
    signature = schema["signatures"]["serving_default"]
    assert signature["inputs"]["image"] == {
        "shape": [None, 8, 8, 3],
        "dtype": "float32",
    }
    assert signature["outputs"]["label"]["shape"] == [None, 3]
    assert set(read(served, "versions")) == {"keras", "mmfusion", "tensorflow"}


def test_checksums_cover_every_other_file(served):
    listed = read(served, "checksums")
    there = {
        file.relative_to(served).as_posix()
        for file in served.rglob("*")
        if file.is_file()
    }
    assert there - set(listed) == {"assets.extra/checksums.json"}
    assert all(files.checksum(served / x) == y for x, y in listed.items())


def test_versions_count_up_are_kept_and_can_be_rolled_back(
    model, arrays, tmp_path
):
    first = export.saved_model(model, tmp_path, samples=arrays)
    fifth = export.saved_model(model, tmp_path, samples=arrays, version=5)
    assert (first.name, fifth.name) == ("1", "5")
    with pytest.raises(ArgumentError, match="exists already.*next one is 6"):
        export.saved_model(model, tmp_path, samples=arrays, version=5)
    asked = request(arrays)
    fifth.rename(tmp_path / "withdrawn")  # A server falls back to version 1.
    np.testing.assert_array_equal(
        call(first, asked)["label"],
        call(tmp_path / "withdrawn", asked)["label"],
    )


def test_samples_are_required_and_the_reason_is_said(model, tmp_path):
    with pytest.raises(ArgumentError, match="rows to compare"):
        export.saved_model(model, tmp_path / "served")
    with pytest.raises(ArgumentError, match=r"also: \['picture'\]"):
        export.saved_model(
            model, tmp_path / "served", samples={"picture": np.ones((1, 2))}
        )
    assert not (tmp_path / "served").exists()


def test_model_that_answers_otherwise_is_not_exported(two_faced, tmp_path):
    samples = {"facts": np.ones((4, 3), "float32")}
    with pytest.raises(ExportError, match="`serving_default`.*difference"):
        export.saved_model(two_faced, tmp_path / "served", samples=samples)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "served").mkdir()
    with pytest.raises(ExportError):
        export.saved_model(two_faced, tmp_path / "served", samples=samples)
    assert list((tmp_path / "served").iterdir()) == []


def test_samples_of_nan_are_refused(model, arrays, tmp_path):
    samples = arrays | {"facts": np.full_like(arrays["facts"], np.nan)}
    with pytest.raises(ExportError, match="refuses some.*facts: not a number"):
        export.saved_model(model, tmp_path / "served", samples=samples)
    assert not (tmp_path / "served").exists()


@pytest.mark.parametrize("name", ["photo_bytes", "status"])
def test_output_names_that_servers_misread_are_refused(name, tmp_path):
    model = models.fusion_model(
        {"facts": encoders.vector_mlp(3, units=4)},
        fusion.ConcatFusion(4),
        tasks.Classification(2, name=name),
    )
    with pytest.raises(ArgumentError, match=f"{name}.*Rename the task"):
        export.saved_model(
            model, tmp_path / "served", samples={"facts": np.ones((2, 3))}
        )


def test_auxiliary_heads_stay_at_home(tmp_path):
    # What they say of an absent modality is an answer to zeros.
    model = models.late_fusion_model(
        {
            "a": encoders.vector_mlp(3, units=4),
            "b": encoders.vector_mlp(2, units=4),
        },
        decision.AverageDecision(),
        tasks.Classification(2),
        optional=("a", "b"),
        auxiliary=True,
    )
    samples = {"a": np.ones((2, 3)), "b": np.ones((2, 2))}
    folder = export.saved_model(model, tmp_path / "served", samples=samples)
    outputs = read(folder, "schema")["signatures"]["serving_default"]["outputs"]
    assert sorted(outputs) == ["label", "label_class", "status"]
    parity = read(folder, "parity")
    assert [case["without"] for case in parity["cases"]] == [
        [],
        ["a"],
        ["b"],
        ["a", "b"],
    ]
