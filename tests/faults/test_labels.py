"""Faults of labels."""

import numpy as np
import pytest

import mmfusion as mm
from mmfusion.data.arrays import from_arrays
from mmfusion.data.read import read
from mmfusion.data.text import Text
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError, DataError


def table(tmp_path, labels, splits=None):
    splits = splits or ["train"] * len(labels)
    rows = zip(labels, splits, strict=True)
    lines = [f"{at},{label},{name}" for at, (label, name) in enumerate(rows)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["v,label,split", *lines]) + "\n")
    return path


def problems(path, **options):
    options = {"split": {"column": "split"}, **options}
    with pytest.raises(DataError) as caught:
        read(path, {"v": Vector("v", dim=1)}, "label", **options)
    return [line.removeprefix(str(path)) for line in caught.value.problems]


def test_fault_47_rows_without_a_label_are_named(tmp_path):
    path = table(tmp_path, ["a", "", "b", " ", "nan", "a"])
    lines = problems(path)
    assert [line.split(":")[1:3] for line in lines] == [
        ["3", "label"],
        ["5", "label"],
    ]
    path = table(tmp_path, ["a", "nan", "nan", "a"])
    data = read(path, {"v": Vector("v", dim=1)}, "label", split={})
    assert data.train.classes["label"] == ["a", "nan"]  # A word, if written.


@pytest.mark.parametrize("label", [2, -1, 0.5, np.nan], ids=str)
def test_fault_48_a_number_that_is_no_class_stops_the_fit(label):
    model = mm.models.fusion_model(
        {"v": mm.encoders.vector_mlp(1, units=2)},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
    )
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    labels = np.array([0, 1, label])
    with pytest.raises(ArgumentError, match=r"labels 0\.\.1.*in row 2"):
        model.fit({"v": np.zeros((3, 1))}, {"label": labels}, verbose=0)


def test_fault_49_words_become_numbers_and_the_words_are_kept():
    data = from_arrays(
        {"v": np.zeros((4, 1), "float32")},
        {"label": ["no", "yes", "no", "yes"]},
        splits={"train": [0, 1], "test": [2, 3]},
    )
    assert data.train.targets["label"].tolist() == [0, 1]
    task = mm.models.from_schema(data.schema).tasks["label"]
    assert task.classes == ["no", "yes"]
    again = type(task).from_config(task.get_config())
    assert again.classes == ["no", "yes"]


def test_fault_50_one_class_is_an_error(tmp_path):
    (line,) = problems(table(tmp_path, ["a"] * 4))
    assert "there is one class only, 'a', in training" in line


def test_fault_51_a_class_without_training_rows_is_an_error(tmp_path):
    path = table(tmp_path, list("ababc"), ["train"] * 4 + ["test"])
    (line,) = problems(path)
    assert line.startswith(":6:label: the class 'c' is in test and not in")


def test_fault_51_a_class_too_small_to_draw_from_is_an_error(tmp_path):
    (line,) = problems(table(tmp_path, list("ababababc")), split={"test": 0.3})
    assert "the class 'c' has 1 row, too few for 2 splits" in line


def test_fault_51_heavy_imbalance_is_warned_of(tmp_path):
    path = table(tmp_path, ["a"] * 101 + ["b"])
    with pytest.warns(UserWarning, match="101 training rows of 'a' and 1 of"):
        read(path, {"v": Vector("v", dim=1)}, "label", split={})


@pytest.mark.parametrize("one_hot", [False, True])
def test_fault_52_the_loss_takes_numbers_and_rows_alike(one_hot):
    task = mm.tasks.Classification(3)
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], "float32")
    y = np.array([0, 2])
    y = np.eye(3, dtype="float32")[y] if one_hot else y
    loss = float(task.default_loss()(y, p))
    np.testing.assert_allclose(loss, -np.log([0.7, 0.8]).mean(), rtol=1e-6)


def test_fault_53_a_label_that_is_an_input_is_refused(tmp_path):
    path = table(tmp_path, ["a", "b"])
    with pytest.raises(ArgumentError, match="'label' is the target.*'text'"):
        read(path, {"text": Text("label")}, "label")
