import keras
import numpy as np
import pytest

from mmfusion import training
from mmfusion.errors import ArgumentError
from mmfusion.explain import (
    bootstrap_interval,
    check_metrics,
    evaluate,
    worth,
)
from tests.explain.splits import vector_model, vectors

# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("worth")

RULES = training.Rules(
    epochs=6,
    batch_size=64,
    optimizer={"name": "adam", "learning_rate": 0.02},
    patience=3,
    xla="off",
)


@pytest.fixture(scope="module")
def found():
    data = vectors(optional=("b",))
    model = vector_model(optional=("b",))
    outcome = training.fit(model, data, RULES)
    return model, data, worth(model, data, RULES, outcome=outcome)


def test_fusion_that_is_needed_is_found_to_be_worth_it(found):
    _, _, result = found
    assert result.verdicts == {"label": "yes"}
    scores = result.metrics["outputs"]["label"]
    best = max(part["value"] for part in scores["alone"].values())
    gain = result.gains["label"]
    assert gain.value == pytest.approx(scores["fused"]["value"] - best)
    assert gain.low > 0


def test_the_metrics_are_those_of_evaluate_and_alone(found):
    model, data, result = found
    check_metrics(result.metrics)
    metrics = evaluate(model, data.test)
    scores = result.metrics["outputs"]["label"]
    for key in ("fused", "masked", "ceiling"):
        assert scores[key] == metrics["outputs"]["label"][key]
    assert sorted(scores["alone"]) == ["a", "b"]
    assert set(result.metrics["seconds"]) == {"fused", "alone"}
    assert result.metrics["xla"] == {"on": False, "why": "off: as asked"}


def test_alone_is_the_single_model_on_the_same_rows(found):
    _, data, result = found
    inputs, targets = data.test.arrays()
    answers = result.models["a"].predict({"a": inputs["a"]}, verbose=0)
    right = answers["label"].argmax(1) == targets["label"]
    alone = result.metrics["outputs"]["label"]["alone"]["a"]
    assert alone["value"] == float(np.mean(right))
    assert alone["epochs"] == len(result.histories["a"]["loss"]) <= 6


def test_intervals_draw_recordings(found):
    model, data, result = found
    inputs, targets = data.test.arrays()
    hits = {
        name: one.predict(x, verbose=0)["label"].argmax(1) == targets["label"]
        for name, one, x in (
            ("fused", model, inputs),
            ("a", result.models["a"], {"a": inputs["a"]}),
        )
    }
    alone = result.metrics["outputs"]["label"]["alone"]["a"]
    expected = bootstrap_interval(hits["a"], data.test.groups).to_dict()
    assert {key: alone[key] for key in expected} == expected
    gaps = np.subtract(hits["fused"], hits["a"], dtype="float64")
    gain = result.comparisons["label"]["a"].gain
    assert gain == bootstrap_interval(gaps, data.test.groups)
    assert gain != bootstrap_interval(gaps)


def test_it_reads_as_a_table(found):
    text = str(found[2])
    assert "a alone" in text and "fused - b alone" in text
    assert "Yes, fusion is worth it" in text
    assert "24 recordings" not in text  # Enough of them for no warning.


def test_equal_seeds_give_equal_singles():
    data = vectors(rows=60)
    model = vector_model()
    rules = training.Rules(epochs=1, xla="off")
    first = worth(model, data, rules)
    keras.utils.set_random_seed(77)
    again = worth(model, data, rules)
    assert first.metrics["outputs"] == again.metrics["outputs"]
    assert "fused" not in first.metrics["seconds"]
    assert "xla" not in first.metrics


def test_a_useless_second_modality_is_not_shown_to_be_worth_it():
    data = vectors()
    for split in (data.train, data.validation, data.test):
        labels = (split.inputs["a"][:, 0] > 0).astype("int64")
        split.targets["label"] = labels
    model = vector_model()
    training.fit(model, data, RULES)
    result = worth(model, data, RULES)
    assert result.verdicts["label"] != "yes"


def test_heads_that_only_help_are_not_compared():
    data = vectors(rows=60)
    result = worth(
        vector_model(late=True), data, training.Rules(epochs=1, xla="off")
    )
    assert list(result.comparisons) == ["label"]


def test_one_modality_cannot_be_fused():
    data = vectors(rows=40)
    single = worth(
        vector_model(), data, training.Rules(epochs=1, xla="off")
    ).models["a"]
    with pytest.raises(ArgumentError, match="at least two modalities.*'a'"):
        worth(single, data, RULES)


def test_a_split_that_is_not_there_is_named():
    data = vectors(rows=40)
    data.test = None
    with pytest.raises(ArgumentError, match="test split.*`split=`"):
        worth(vector_model(), data, RULES)
