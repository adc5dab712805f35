import copy
import json

import numpy as np
import pytest

from mmfusion.errors import ArgumentError
from mmfusion.explain import check_metrics

FULL = json.loads("""
{"format": 1, "split": "test", "rows": 3000,
 "interval": {"level": 0.95, "method": "bootstrap", "unit": "recording",
              "units": 250},
 "outputs": {"label": {"metric": "accuracy",
   "fused": {"value": 0.91, "low": 0.88, "high": 0.93},
   "alone": {"image": {"value": 0.66, "low": 0.64, "high": 0.68,
                       "epochs": 9, "flat": true}},
   "masked": {"image": {"value": 0.61, "low": 0.59, "high": 0.63}},
   "ceiling": {"image": 0.70, "fused": 1.0}}},
 "seconds": {"fused": 212.0, "alone": 410.0},
 "xla": {"on": false, "why": "auto: no GPU"}}
""")


def test_the_full_and_the_least_are_accepted():
    check_metrics(FULL)
    least = {key: FULL[key] for key in ("format", "split", "rows", "interval")}
    fused = {"metric": "accuracy", "fused": FULL["outputs"]["label"]["fused"]}
    check_metrics({**least, "outputs": {"label": fused}})


def test_an_error_is_no_share():
    error = {"value": 12.5, "low": 11.0, "high": 14.0}
    output = {
        "metric": "mean_absolute_error",
        "higher_is_better": False,
        "unit": "target",
        "fused": error,
        "missing": {"each": {"a": [{"share": 0.5, **error}]}},
    }
    check_metrics({**FULL, "outputs": {"price": output}})
    share = {key: x for key, x in output.items() if key != "unit"}
    with pytest.raises(ArgumentError, match="between 0.0 and 1.0"):
        check_metrics({**FULL, "outputs": {"price": share}})


def _set(path, value):
    metrics = copy.deepcopy(FULL)
    *parents, last = path
    part = metrics
    for key in parents:
        part = part[key]
    part[last] = value
    return metrics


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["gain"], 0.1, "'gain'"),
        (["format"], 2, "format"),
        (["rows"], np.int64(3000), "rows"),
        (["interval", "method"], "normal", "bootstrap"),
        (["outputs", "label", "fused", "value"], float("nan"), "finite"),
        (["outputs", "label", "fused", "low"], np.float64(0.5), "plain"),
        (["outputs", "label", "fused", "high"], 1.5, "between"),
        (["outputs", "label", "fused", "extra"], 1.0, "'extra'"),
        (["outputs", "label", "metric"], None, "metric"),
        (["outputs", "label", "unit"], "EUR", "`unit`"),
        (["outputs", "label", "higher_is_better"], 1, "higher_is_better"),
        (["outputs", "label", "alone", "image", "flat"], 1, "flat"),
        (["outputs", "label", "ceiling", "image"], None, "ceiling"),
        (["seconds", "single"], 1.0, "'single'"),
        (["xla", "on"], "yes", "xla.on"),
    ],
)
def test_anything_else_is_refused(path, value, message):
    with pytest.raises(ArgumentError, match=message):
        check_metrics(_set(path, value))
