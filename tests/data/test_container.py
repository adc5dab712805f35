"""Data sets as a whole, with real modalities and a real model."""

import keras
import numpy as np
import PIL.Image
import pytest

import mmfusion as mm


@pytest.mark.slow
def test_from_a_table_to_answers(tmp_path):
    """The colour of the picture and the word agree; either would do."""
    rng = np.random.default_rng(0)
    lines = ["sku,file,title,price,brand,category"]
    for row in range(60):
        kind = row % 2
        pixels = rng.integers(0, 80, (9 + row % 3, 10, 3), dtype="uint8")
        pixels[..., kind] += 150
        PIL.Image.fromarray(pixels).save(tmp_path / f"{row}.png")
        title = ["", "red one", "a red"][row % 3].replace(
            "red", ["red", "green"][kind]
        )
        category = ["warm", "cold"][kind]
        lines.append(
            f"{row}x,{row}.png,{title},{row / 4},b{row % 3},{category}"
        )
    (tmp_path / "p.csv").write_text("\n".join(lines))
    data = mm.data.read_csv(
        tmp_path / "p.csv",
        inputs={
            "photo": mm.data.Image(column="file", size=(8, 8)),
            "title": mm.data.Text("title", length=4, optional=True),
            "facts": mm.data.Tabular(columns=["price", "brand"]),
        },
        target="category",
        id="sku",
    )
    model = mm.models.from_schema(data.schema, mm.fusion.GatedFusion(8))
    model.compile(
        keras.optimizers.Adam(0.01), **mm.tasks.compile_arguments(model)
    )
    model.fit(
        data.train.batches(16),
        validation_data=data.validation.batches(16),
        epochs=15,
        verbose=0,
    )
    rows = data.test.predict(model)
    truth = [data.test.classes["label"][y] for y in data.test.targets["label"]]
    right = [row["label"] == y for row, y in zip(rows, truth, strict=True)]
    assert np.mean(right) > 0.8
    lines[3] = "x,none.png,a red,1,b1"
    lines[5] = "y,4.png,a red,much,b1,"
    (tmp_path / "new.csv").write_text("\n".join(lines[:7]))
    answers = data.like(tmp_path / "new.csv").predict(model)
    assert [a["status"] == "ok" for a in answers] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]
    assert answers[2]["status"] == "malformed row"
    assert "too few fields" in answers[2]["error"]
    assert answers[4]["status"] == "facts: not a number"
    assert "price: expects a number" in answers[4]["error"]
    raw = data.test.raw([0])
    decoded = data.inputs["photo"].decode(raw["photo"][0])
    again = data.inputs["photo"].transform(decoded)
    np.testing.assert_array_equal(again, data.test.arrays([0])[0]["photo"][0])
