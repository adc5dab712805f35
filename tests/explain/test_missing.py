"""Missing values: a point is the model by hand, without these values."""

import numpy as np
import pytest

from mmfusion.explain import bootstrap_interval, evaluate
from mmfusion.explain.missing import SHARES
from tests.explain.splits import vector_model, vectors


@pytest.fixture(scope="module")
def trained():
    data = vectors(optional=("a", "b"))
    model = vector_model(optional=("a", "b"))
    model.fit(data.train.batches(64), epochs=4, verbose=0)
    return model, data.test


def _curves(model, split):
    return evaluate(model, split)["outputs"]["label"]["missing"]


def test_its_ends_are_the_model_with_all_and_without(trained):
    model, split = trained
    inputs, targets = split.arrays()

    def accuracy(x):
        answers = model.predict(x, verbose=0)["label"].argmax(1)
        return float(np.mean(answers == targets["label"]))

    found = _curves(model, split)
    assert list(found["each"]) == ["a", "b"]
    nothing = {
        name: np.zeros(len(split), bool) for name in model.input if "_" in name
    }
    for points in (*found["each"].values(), found["any"]):
        assert [point["share"] for point in points] == list(SHARES)
        assert points[0]["value"] == accuracy(inputs)
    only_b = {k: v for k, v in inputs.items() if k != "a" and k != "a_present"}
    assert found["each"]["a"][-1]["value"] == accuracy(only_b)
    assert found["any"][-1]["value"] == accuracy({**inputs, **nothing})
    assert found["each"]["a"][0]["value"] > found["each"]["a"][-1]["value"]
    hits = model.predict(only_b, verbose=0)["label"].argmax(1)
    hits = hits == targets["label"]
    expected = bootstrap_interval(hits, split.groups).to_dict()
    assert found["each"]["a"][-1] == {"share": 1.0, **expected}


def test_between_them_that_share_of_the_rows_goes_without(trained):
    model, split = trained
    ends = [_curves(model, split)["each"]["a"][i]["value"] for i in (0, -1)]
    inputs, targets = split.arrays()
    both = [
        model.predict(x, verbose=0)["label"].argmax(1) == targets["label"]
        for x in (inputs, {k: v for k, v in inputs.items() if k[0] != "a"})
    ]
    assert [hits.mean() for hits in both] == ends
    change = np.sum(both[0] != both[1]) / len(split)
    points = _curves(model, split)["each"]["a"]
    for point in points:
        expected = (1 - point["share"]) * ends[0] + point["share"] * ends[1]
        # Which rows it is was drawn; five deviations of so many changes.
        slack = 5 * np.sqrt(change / len(split)) / 2
        assert abs(point["value"] - expected) < slack
        assert point["low"] <= point["value"] <= point["high"]


def test_who_needs_all_has_no_curves_and_who_lacks_one_has_one():
    assert (
        "missing"
        not in evaluate(vector_model(), vectors().test)["outputs"]["label"]
    )
    data = vectors(optional=("a",))
    found = _curves(vector_model(optional=("a",)), data.test)
    assert list(found) == ["each"] and list(found["each"]) == ["a"]
