"""Recipes whose encoders begin with word vectors."""

import json

import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.recipe import Recipe

RECIPE = """
data: {source: t.csv, target: kind, split: {validation: 0.25, test: 0.25}}
inputs:
  title: {type: text, column: title, vocabulary_size: 9, length: 3}
model:
  encoders:
    title: {name: text_vectors, units: 2, vectors: VECTORS, trainable: false}
training: {epochs: 1, batch_size: 8, baselines: false}
"""


@pytest.fixture
def folder(tmp_path):
    rows = ["title,kind", *["good wine,g", "Bad car,b"] * 10]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    (tmp_path / "v.txt").write_text("good 1 1 1\nWine 2 2 2\nbad 3 3 3\n")
    return tmp_path


def _load(folder, vectors):
    (folder / "r.yaml").write_text(RECIPE.replace("VECTORS", vectors))
    return mm.recipe.load(folder / "r.yaml")


def _table(model):
    (layer,) = [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, mm.layers.WordEmbedding)
    ]
    return layer.get_weights()[0]


def test_a_run_begins_with_a_file_and_does_not_need_it_later(folder):
    recipe = _load(folder, "v.txt")
    path = {"path": str(folder / "v.txt")}
    chosen = recipe.resolved["model"]["encoders"]["title"]
    assert chosen["vectors"] == path
    assert Recipe(recipe.resolved).resolved == recipe.resolved
    rows = recipe.read()
    run = recipe.train(folder / "run", rows)
    assert run.recipe["model"]["encoders"]["title"]["vectors"] == path
    told = json.loads((run.path / "encoders.json").read_text())
    coverage = told["title"]["vectors"]["coverage"]
    assert (coverage["found"], coverage["words"]) == (3, 4)
    assert coverage["missing"] == ["car"]
    assert any("3 of 4 words" in note for note in rows.notes)
    (folder / "v.txt").unlink()
    again = mm.run.load(run.path)
    words = again.inputs["title"].vocabulary
    assert _table(again.model)[2 + words.index("wine")].tolist() == [2, 2, 2]
    assert again.predict([{"title": "good wine"}])[0]["status"] == "ok"
    assert len(mm.recipe.held_rows(again)) == 4


def test_a_run_learns_vectors_from_its_training_texts(folder):
    recipe = _load(folder, "{skip_gram: {dim: 5, epochs: 2, subsample: 0}}")
    rows = recipe.read()
    run = recipe.train(folder / "run", rows)
    own = rows.inputs["title"].skip_gram(
        rows.train.canonical("title"), dim=5, epochs=2, subsample=0
    )
    np.testing.assert_array_equal(_table(run.model), own.table)
    assert own.coverage.tokens == 2 * len(rows.train)


@pytest.mark.parametrize(
    "vectors, message",
    [
        ("3", "expects a path"),
        ("{file: v.txt}", "'file'.*Did you mean|Unknown key.*'file'"),
        ("{format: text}", "needs the key 'path'"),
        ("{path: v.txt, counts: [1]}", "'counts'"),
        ("{skip_gram: {dims: 3}}", "'dims'.*Did you mean 'dim'"),
        ("{skip_gram: {}, path: v.txt}", "'path'"),
        ("{skip_gram: 3}", "`skip_gram` expects keys"),
    ],
)
def test_mistakes_are_found_when_the_recipe_is_read(vectors, message, folder):
    with pytest.raises(ArgumentError, match=message):
        _load(folder, vectors)
