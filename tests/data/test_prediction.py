"""One answer a row."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mmfusion as mm
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
