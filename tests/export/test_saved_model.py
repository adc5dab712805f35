import numpy as np
import pytest
import tensorflow as tf

from mmfusion import decision, encoders, export, files, fusion, models, tasks
from mmfusion.errors import ArgumentError, ExportError


def read(folder, name):
    return files.read_json(folder / "assets.extra" / f"{name}.json")


def call(folder, request, name="serving_default"):
    loaded = tf.saved_model.load(folder)
    answers = loaded.signatures[name](
        **{key: tf.constant(x) for key, x in request.items()}
    )
    return {key: x.numpy() for key, x in answers.items()}


def request(arrays, rows=4):
    return {name: x[:rows] for name, x in arrays.items()}


def test_first_version_is_1_and_lies_alone(folder):
    assert folder.name == "1"
    assert [entry.name for entry in folder.parent.iterdir()] == ["1"]


def test_answers_as_the_model_with_classes_as_text(folder, model, arrays):
    answers = call(folder, request(arrays))
    expected = model.predict(request(arrays), verbose=0)["label"]
    assert set(answers) == {"label", "label_class", "status"}
    np.testing.assert_allclose(answers["label"], expected, atol=1e-6)
    names = [["cat", "dog", "3"][i] for i in expected.argmax(axis=1)]
    assert [x.decode() for x in answers["label_class"]] == names
    assert set(answers["status"]) == {b"ok"}


def test_row_with_nan_is_told_and_the_others_answered(folder, arrays):
    broken = request(arrays)
    broken["facts"] = broken["facts"].copy()
    broken["facts"][1] = np.nan
    answers = call(folder, broken)
    expected = call(folder, request(arrays))
    assert answers["status"][1] == b"facts: not a number"
    assert answers["label_class"][1] == b""
    np.testing.assert_array_equal(answers["label"][1], 0)
    others = [0, 2, 3]
    np.testing.assert_allclose(
        answers["label"][others], expected["label"][others], atol=1e-6
    )
    assert set(answers["status"][others]) == {b"ok"}


def test_empty_request_gets_an_empty_answer(folder, arrays):
    answers = call(folder, request(arrays, rows=0))
    assert answers["label"].shape == (0, 3)
    assert answers["status"].shape == (0,)


def test_unequal_rows_are_named(folder, arrays):
    uneven = request(arrays) | {"image": arrays["image"][:2]}
    with pytest.raises(tf.errors.InvalidArgumentError) as error:
        call(folder, uneven)
    assert "`serving_default` expects as many rows in" in str(error.value)
    assert "image" in str(error.value) and "facts" in str(error.value)


def test_labels_schema_and_versions_travel_with_it(folder):
    assert read(folder, "labels") == {"label": ["cat", "dog", 3]}
    schema = read(folder, "schema")
    assert schema["optional"] == ["sound", "text"]
    signature = schema["signatures"]["serving_default"]
    assert signature["inputs"]["image"] == {
        "shape": [None, 8, 8, 3],
        "dtype": "float32",
    }
    assert signature["outputs"]["label"]["shape"] == [None, 3]
    assert set(read(folder, "versions")) == {"keras", "mmfusion", "tensorflow"}


def test_checksums_cover_every_other_file(folder):
    listed = read(folder, "checksums")
    there = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file()
    }
    assert there - set(listed) == {"assets.extra/checksums.json"}
    assert all(files.checksum(folder / x) == y for x, y in listed.items())


def test_versions_count_up_are_kept_and_can_be_rolled_back(
    small_model, tmp_path
):
    samples = {"facts": np.ones((2, 3), "float32")}
    first = export.saved_model(small_model, tmp_path, samples=samples)
    fifth = export.saved_model(
        small_model, tmp_path, samples=samples, version=5
    )
    assert (first.name, fifth.name) == ("1", "5")
    with pytest.raises(ArgumentError, match="exists already.*next one is 6"):
        export.saved_model(small_model, tmp_path, samples=samples, version=5)
    expected = call(fifth, samples)["label"]
    fifth.rename(tmp_path / "withdrawn")  # A server falls back to version 1.
    np.testing.assert_array_equal(call(first, samples)["label"], expected)


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


def test_nan_in_samples_or_weights_is_refused(small_model, tmp_path):
    def refused(model, samples, message):
        with pytest.raises(ExportError, match=message):
            export.saved_model(
                model, tmp_path / "served", samples={"facts": samples}
            )
        assert not (tmp_path / "served").exists()

    refused(small_model, np.full((2, 3), np.nan), "facts: not a number")
    broken = type(small_model).from_config(small_model.get_config())
    broken.set_weights([x * np.nan for x in small_model.get_weights()])
    refused(broken, np.ones((2, 3)), "label: the answer is not finite")


def test_output_names_that_servers_misread_are_refused(tmp_path):
    model = models.fusion_model(
        {"facts": encoders.vector_mlp(3, units=4)},
        fusion.ConcatFusion(4),
        tasks.Classification(2, name="photo_bytes"),
    )
    with pytest.raises(ArgumentError, match="photo_bytes.*Rename the task"):
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
