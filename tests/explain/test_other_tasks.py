"""Labels and numbers: scored, compared and reported as what they are."""

import json
import re

import numpy as np
import pytest
from sklearn.metrics import f1_score, mean_absolute_error

from mmfusion import report, training
from mmfusion.cli.show import scores as shown
from mmfusion.explain import (
    Wording,
    bootstrap_interval,
    check_metrics,
    evaluate,
    worth,
)
from tests.explain.mixed import tagged, tagging_model
from tests.explain.splits import ArraySplit

# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("other_tasks")

RULES = training.Rules(
    epochs=5,
    batch_size=32,
    optimizer={"name": "adam", "learning_rate": 0.02},
    patience=None,
    xla="off",
)


@pytest.fixture(scope="module")
def found():
    data, model = tagged(), tagging_model()
    outcome = training.fit(model, data, RULES)
    return model, data, outcome, worth(model, data, RULES, outcome=outcome)


def _by_hand(model, split, **inputs):
    x, y = split.arrays()
    p = model.predict_on_batch(inputs or x)
    answered = p["tags"] > 0.4
    return (
        f1_score(y["tags"], answered, average="samples", zero_division=1.0),
        mean_absolute_error(y["price"], p["price"]),
    )


def test_scores_are_those_by_hand(found):
    model, data, _, result = found
    outputs = result.metrics["outputs"]
    assert outputs["tags"]["metric"] == "samples_f1"
    assert not {"unit", "higher_is_better"} & set(outputs["tags"])
    assert outputs["price"]["metric"] == "mean_absolute_error"
    assert outputs["price"]["unit"] == "target"
    assert outputs["price"]["higher_is_better"] is False
    x, _ = data.test.arrays()
    expected = {
        "fused": _by_hand(model, data.test),
        "masked": _by_hand(model, data.test, a=x["a"]),
        "alone": _by_hand(result.models["a"], data.test, a=x["a"]),
    }
    for name, values in expected.items():
        for output, value in zip(("tags", "price"), values, strict=True):
            part = outputs[output][name]
            part = part if name == "fused" else part["a"]
            assert part["value"] == pytest.approx(value, rel=1e-5), name
            assert part["low"] < value < part["high"]
    check_metrics(json.loads(json.dumps(result.metrics, allow_nan=False)))


def test_intervals_are_of_units(found):
    """Those of labels and numbers, too, where rows come in units."""
    model, data, _, _ = found
    x, y = data.test.arrays()
    units = np.arange(len(data.test)) % 9
    split = ArraySplit(
        "test", data.test.inputs, y, units, "shop", optional=("a", "b")
    )
    scores = evaluate(model, split)["outputs"]
    for part, given in (("fused", x), ("masked", {"a": x["a"]})):
        p = model.predict(given, verbose=0)
        answered, true = p["tags"] > 0.4, y["tags"] > 0.5
        rows = {
            "tags": [
                f1_score(*pair, zero_division=1.0)
                for pair in zip(true, answered, strict=True)
            ],
            "price": np.abs(p["price"][:, 0].astype("float64") - y["price"]),
        }
        for output, values in rows.items():
            ours = scores[output][part]
            ours = ours if part == "fused" else ours["a"]
            expected = bootstrap_interval(values, units).to_dict()
            assert ours == pytest.approx(expected, rel=1e-5), (part, output)


def test_less_of_an_error_is_a_gain(found):
    _, _, _, result = found
    assert result.verdicts == {"tags": "yes", "price": "yes"}
    price = result.metrics["outputs"]["price"]
    best = min(part["value"] for part in price["alone"].values())
    gain = result.gains["price"]
    assert gain.value == pytest.approx(best - price["fused"]["value"])
    assert 0 < gain.low < gain.value < gain.high
    curve = price["missing"]["each"]["a"]
    assert curve[0]["value"] < curve[-1]["value"]
    assert "is off by" in result.sentences["price"]
    less = result.wordings["price"].number(gain.value)
    assert f"{less} less than" in result.sentences["price"]
    assert "reaches a samples F1 of" in result.sentences["tags"]
    assert "points more than" in result.sentences["tags"]
    text = str(result)
    assert "price: mean absolute error on test" in text
    assert "a alone - fused" in text and "fused - a alone" in text


def test_the_command_line_shows_them_in_their_units(found):
    text = shown(found[3].metrics)
    price = found[3].metrics["outputs"]["price"]["fused"]["value"]
    assert "tags: samples F1 on test, 120 rows\n" in text
    assert "mean absolute error on test, 120 rows, less is better" in text
    (shown_price,) = re.findall(r"fused +(\d+\.\d+)  \[", text)[1:]
    assert float(shown_price) == pytest.approx(price, rel=0.01)
    assert shown_price == Wording("", unit="target").number(price)


def test_the_report_says_what_labels_and_numbers_are_worth(found, tmp_path):
    model, data, outcome, result = found
    path = report.write(tmp_path, model, data.test, outcome, result)
    page = path.read_text(encoding="utf-8")
    price = data.test.targets["price"]
    error = np.abs(price - np.median(price)).mean()
    for text in (
        "Labels of tags",
        "probability is above 0.4",
        "average precision",
        "Predicted and true of price",
        f"always the median: {result.wordings['price'].number(error)}",
        "always the 2 most frequent labels: ",
        "less is better",
        ">better by</th>",
        "</b> mean absolute error, by the share of the rows",
        "</b> price mean absolute error<",
        "</b> tags samples F1<",
    ):
        assert text in page, text
    assert page.count("<circle cx=") > 120  # A dot for each row.
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["outputs"] == result.metrics["outputs"]


def test_without_worth_the_report_is_complete_too(found, tmp_path):
    _, data, _, result = found
    single = result.models["a"]
    inputs = {"a": data.test.inputs["a"]}
    split = ArraySplit("test", inputs, data.test.targets, optional=("a",))
    page = report.write(tmp_path, single, split).read_text("utf-8")
    assert "Fused is off by" in page and "Labels of tags" in page
    assert "Whether fusion is worth it was not asked" in page
