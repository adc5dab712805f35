import json

import numpy as np
import pytest

from mmfusion.errors import ArgumentError
from mmfusion.explain import bootstrap_interval, evaluate, predict_split
from tests.explain.splits import vector_model, vectors


@pytest.fixture(scope="module")
def trained():
    data = vectors(optional=("a", "b"))
    model = vector_model(optional=("a", "b"))
    model.fit(data.train.batches(64), epochs=4, verbose=0)
    return model, data


def test_scores_are_those_of_the_model_by_hand(trained):
    model, data = trained
    inputs, targets = data.test.arrays()
    answers = model.predict(inputs, verbose=0)["label"].argmax(1)
    right = answers == targets["label"]
    metrics = evaluate(model, data.test)
    expected = bootstrap_interval(right, data.test.groups).to_dict()
    assert metrics["outputs"]["label"]["fused"] == expected
    assert metrics["interval"] == {
        "level": 0.95,
        "method": "bootstrap",
        "unit": "recording",
        "units": 24,
    }
    assert metrics["rows"] == 240 and metrics["split"] == "test"
    json.dumps(metrics, allow_nan=False)


def test_masked_is_the_model_without_the_others(trained):
    model, data = trained
    inputs, targets = data.test.arrays()
    inputs = {"a": inputs["a"]}
    answers = model.predict(inputs, verbose=0)["label"].argmax(1)
    scores = evaluate(model, data.test)["outputs"]["label"]
    expected = float(np.mean(answers == targets["label"]))
    assert scores["masked"]["a"]["value"] == expected
    assert expected < scores["fused"]["value"]
    assert scores["ceiling"] == {"a": 0.75, "b": 0.75, "fused": 1.0}


def test_masked_needs_all_the_others_to_be_optional():
    data = vectors(optional=("a",))
    scores = evaluate(vector_model(optional=("a",)), data.test)
    assert list(scores["outputs"]["label"]["masked"]) == ["b"]
    scores = evaluate(vector_model(), vectors().test)
    assert "masked" not in scores["outputs"]["label"]


def test_heads_that_only_help_are_left_out():
    metrics = evaluate(vector_model(late=True), vectors().test)
    assert list(metrics["outputs"]) == ["label"]


def test_without_groups_the_unit_is_the_row():
    split = vectors().test
    split.groups, split.unit, split.ceiling = None, "row", None
    metrics = evaluate(vector_model(), split)
    assert metrics["interval"]["units"] == 240
    assert "ceiling" not in metrics["outputs"]["label"]


def test_the_ceiling_of_all_is_not_that_of_some():
    split = vectors().test
    split.ceiling = {**split.ceiling, "c": 0.9}
    scores = evaluate(vector_model(), split)["outputs"]["label"]
    assert scores["ceiling"] == {"a": 0.75, "b": 0.75}


def test_rows_keep_their_order_even_in_training(trained):
    model, data = trained
    inputs, _ = data.train.arrays()
    expected = model.predict(inputs, verbose=0)["label"]
    np.testing.assert_allclose(
        predict_split(model, data.train)["label"], expected, atol=1e-5
    )


def test_a_diverged_model_is_no_score():
    model = vector_model()
    for weight in model.weights:
        weight.assign(np.full(weight.shape, np.nan))
    with pytest.raises(ArgumentError, match="240 of 240 rows.*diverged"):
        evaluate(model, vectors().test)


def test_an_unlabelled_split_is_refused():
    split = vectors().test
    split.targets = {}
    with pytest.raises(ArgumentError, match="'label'.*labelled"):
        evaluate(vector_model(), split)
