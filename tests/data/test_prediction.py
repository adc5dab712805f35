"""One answer a row."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mmfusion as mm
from mmfusion.cli.predict import as_csv
from mmfusion.data.arrays import from_arrays
from tests.data.tiny import Digits

FLAWS = {"missing": None, "bad": b"xy", "fine": "a value"}


@pytest.fixture(scope="module")
def data():
    return from_arrays(
        {"d": [b"01", b"90"] * 10, "v": np.zeros((20, 1), "float32")},
        {"label": ["low", "high"] * 10},
        modalities={"d": Digits()},
    )


@pytest.fixture(scope="module")
def model(data):
    """Says "high" where the first digit is 5 or more."""
    keras.utils.set_random_seed(0)
    encoders = {"d": mm.encoders.vector_mlp(2, units=8, name="d")}
    task = mm.tasks.Classification(["high", "low"])
    model = mm.models.fusion_model(encoders, mm.fusion.ConcatFusion(8), task)
    model.compile(
        keras.optimizers.Adam(0.05), **mm.tasks.compile_arguments(model)
    )
    model.fit(data.train.batches(8, modalities=["d"]), epochs=15, verbose=0)
    return model


def test_the_model_is_no_constant(data, model):
    rows = data.test.predict(model)
    truth = [data.test.classes["label"][y] for y in data.test.targets["label"]]
    assert [row["label"] for row in rows] == truth
    assert all(0.5 <= row["label_probability"] <= 1 for row in rows)


@settings(max_examples=8, deadline=None)
@given(
    flaws=st.lists(st.sampled_from(sorted(FLAWS)), max_size=9),
    size=st.integers(1, 4),
)
def test_every_row_gets_one_answer_in_its_place(flaws, size, data, model):
    digits = [b"%d0" % (9 if row % 2 else 0) for row in range(len(flaws))]
    values = [
        digits[row] if flaw == "fine" else FLAWS[flaw]
        for row, flaw in enumerate(flaws)
    ]
    split = data.like({"d": values, "v": np.zeros((len(values), 1), "float32")})
    rows = split.predict(model, batch_size=size)
    assert [row["id"] for row in rows] == [str(i) for i in range(len(flaws))]
    for place, (flaw, row) in enumerate(zip(flaws, rows, strict=True)):
        assert set(row) == {
            "id",
            "label",
            "label_probability",
            "status",
            "error",
        }
        if flaw == "fine":
            assert row["status"] == "ok" and row["error"] == ""
            assert row["label"] == ("high" if place % 2 else "low")
        else:
            assert row["label"] is row["label_probability"] is None
            assert row["status"].startswith("d: ")
            assert row["error"].startswith("d: ")
    assert split.status == [row["status"] for row in rows]


def test_an_answer_that_is_not_finite_is_no_answer(data, model):
    broken = mm.models.fusion_model(
        {"d": mm.encoders.vector_mlp(2, units=2, name="d")},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(["high", "low"]),
    )
    broken.set_weights([w * np.nan for w in broken.get_weights()])
    row = data.test.predict(broken)[0]
    assert row["label"] is None and "finite" in row["status"]


def test_labels_and_numbers_are_answered_as_what_they_are():
    data = from_arrays(
        {"v": np.eye(4, dtype="float32")},
        {
            "tags": [["a"], [], ["a", "b"], ["b"]],
            "price": [10.0, 20.0, 30.0, 40.0],
        },
        kinds={"tags": mm.data.LabelsTarget(), "price": mm.data.NumberTarget()},
        splits={"train": range(4)},
    )
    model = mm.models.from_schema(data.schema)
    assert (model.tasks["price"].mean, model.tasks["tags"].classes) == (
        25.0,
        ["a", "b"],
    )
    x, y = data.train.arrays()
    p = model.predict_on_batch(x)
    for row, answer in enumerate(data.train.predict(model)):
        probabilities = dict(zip("ab", p["tags"][row].tolist(), strict=True))
        assert answer["tags_probability"] == pytest.approx(probabilities)
        assert answer["tags"] == [
            k for k, v in probabilities.items() if v > 0.5
        ]
        assert answer["price"] == pytest.approx(p["price"][row, 0])
        assert answer["status"] == "ok" and "price_probability" not in answer
    text = as_csv(
        [
            {"id": "=1", "tags": ["a", "-b"], "p": {"a": 0.5}},
            {"id": "x", "tags": [], "p": {}},
        ]
    )
    assert text.splitlines()[1:] == [
        '\'=1,a|-b,"{""a"": 0.5}"',
        "x,,{}",
    ]
    model.set_weights([w * np.nan for w in model.get_weights()])
    answer = data.train.predict(model)[0]
    assert (
        answer["tags"] is answer["tags_probability"] is answer["price"] is None
    )
    assert "not finite" in answer["status"]
