"""How using it feels: the ways to a model, each from end to end."""

import html
import json
import re

import keras
import numpy as np
import pytest

import mmfusion as mm
from tests.products import CATEGORIES, write_products

RECIPE = """
data:
  source: products.csv
  target: category
  split: {validation: 0.1, test: 0.2, group: product}
inputs:
  photo: {type: image, column: file, size: [16, 16]}
  title:
    type: text
    column: title
    kind: multi_hot
    vocabulary_size: 40
    optional: true
  facts: {type: tabular, columns: [price, brand]}
model:
  encoders: {photo: {units: 8, hidden: [8]}, title: {units: 8}}
  fusion: {name: gated, units: 8}
training: {epochs: 2, batch_size: 16, baselines: false}
"""


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """The rows of a `products.csv` in the current folder."""
    monkeypatch.chdir(tmp_path)
    return write_products(tmp_path)


def test_from_a_table_to_a_report_an_export_and_answers(rows, tmp_path):
    data = mm.data.read_csv(
        "products.csv",
        inputs={
            "photo": mm.data.Image(column="file", size=(16, 16)),
            "title": mm.data.Text(
                column="title",
                kind="multi_hot",
                vocabulary_size=40,
                optional=True,
            ),
            "facts": mm.data.Tabular(columns=["price", "brand"]),
        },
        target="category",
        split={"validation": 0.1, "test": 0.2, "group": "product"},
        seed=0,
    )
    sides = {}
    for row, split in data.splits.items():
        sides.setdefault(rows[int(row)]["product"], set()).add(split)
    assert len(data.splits) == len(rows)
    assert [len(found) for found in sides.values()] == [1] * 24

    model = mm.models.from_schema(data.schema, mm.fusion.GatedFusion(8))
    assert model.optional == ("title",)
    assert model.tasks["label"].classes == list(CATEGORIES)

    model.compile("adam", **mm.tasks.compile_arguments(model))
    history = model.fit(
        data.train.batches(16),
        validation_data=data.validation.batches(256),
        epochs=2,
        callbacks=[
            keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
        ],
    )
    assert "val_accuracy" in history.history

    worth = mm.explain.worth(model, data)
    assert sorted(worth.models) == ["facts", "photo", "title"]
    assert worth.rules.batch_size == 16  # Those the model was fitted with.

    page = mm.report.write(
        "report", model, data.test, history=history, worth=worth
    )
    text = re.sub("<[^>]*>", "", page.read_text(encoding="utf-8"))
    assert worth.sentences["label"] in html.unescape(text)
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text())
    mm.explain.check_metrics(metrics)
    assert metrics["rows"] == len(data.test)
    assert metrics["interval"]["unit"] == "product"

    served = mm.export.saved_model(
        model, "served", inputs=data.inputs, samples=data.test
    )
    assert (tmp_path / served / "saved_model.pb").is_file()

    answers = data.like("new.csv").predict(model)
    assert [answer["id"] for answer in answers] == ["0", "1", "2", "3"]
    ok = [answer["status"] == "ok" for answer in answers]
    assert ok == [True, True, False, True]  # The third picture is cut off.
    assert answers[2]["label"] is None
    assert "photo" in answers[2]["status"] or "file" in answers[2]["status"]
    assert {answers[row]["label"] for row in (0, 1, 3)} <= set(CATEGORIES)


def _by_hand():
    encoders = {
        "image": mm.encoders.image_cnn((8, 8, 3), units=8, hidden=(4,)),
        "text": mm.encoders.text_bag(vocabulary_size=20, units=8),
    }
    return encoders, mm.tasks.Classification(["cat", "dog"])


def _arrays():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (12, 8, 8, 3), "uint8")
    bags = random.integers(0, 2, (12, 20)).astype("float32")
    return images, bags, np.arange(12) % 2


def test_by_hand_arrays_are_enough():
    encoders, task = _by_hand()
    images, bags, labels = _arrays()
    model = mm.models.fusion_model(
        encoders, mm.fusion.ConcatFusion(8), task, optional=("text",)
    )
    model.compile(
        "adam", loss=task.default_loss(), metrics=task.default_metrics()
    )
    model.fit({"image": images, "text": bags}, {"label": labels}, verbose=0)
    alone = model.predict({"image": images}, verbose=0)["label"]
    assert alone.shape == (12, 2)
    np.testing.assert_allclose(alone.sum(axis=1), 1.0, atol=1e-6)
    both = model.predict({"image": images, "text": bags}, verbose=0)["label"]
    assert not np.allclose(alone, both)  # The text is read where there is one.
    assert model.embed({"image": images}).shape == (12, 8)


def test_decision_level_with_every_modality_an_output(tmp_path):
    encoders, task = _by_hand()
    images, bags, labels = _arrays()
    model = mm.models.late_fusion_model(
        encoders, mm.decision.AverageDecision(), task, auxiliary=True
    )
    weights = {"label": 1.0, "label_image": 0.3, "label_text": 0.3}
    model.compile("adam", **mm.tasks.compile_arguments(model, weights=weights))
    given = {"image": images, "text": bags}
    history = model.fit(given, {"label": labels}, verbose=0).history
    assert history["loss"][0] == pytest.approx(
        sum(weights[name] * history[f"{name}_loss"][0] for name in weights),
        rel=1e-5,
    )
    found = model.predict(given, verbose=0)
    assert sorted(found) == sorted(weights)
    np.testing.assert_allclose(
        found["label"],
        (found["label_image"] + found["label_text"]) / 2,
        atol=1e-6,
    )

    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        again.predict(given, verbose=0)["label"], found["label"]
    )


def test_from_a_recipe_and_after_a_restart(rows, tmp_path):
    (tmp_path / "products.yaml").write_text(RECIPE)
    run = mm.recipe.load("products.yaml").train()
    assert run.path.samefile(tmp_path / "runs" / "products-1")
    answers = run.predict("new.csv")

    run = mm.run.load("runs/products-1")
    assert run.model.optional == ("title",)
    assert sorted(run.inputs) == sorted(run.schema.inputs)
    assert sorted(run.inputs) == ["facts", "photo", "title"]
    mm.explain.check_metrics(run.metrics)
    assert run.predict("new.csv") == answers
    assert [answer["id"] for answer in answers] == ["0", "1", "2", "3"]

    asked = {"file": "1.png", "price": "12", "brand": "acme"}
    [answer] = run.predict([asked])  # No word of a title.
    assert answer["status"] == "ok"
    assert 1 / 3 <= answer["label_probability"] <= 1
