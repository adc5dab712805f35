"""F1 scores of labels, against scikit-learn."""

import keras
import numpy as np
import pytest
from sklearn.metrics import f1_score

from mmfusion.errors import ArgumentError
from mmfusion.metrics import SamplesF1
from mmfusion.tasks import MultiLabel

RANDOM = np.random.default_rng(0)
Y = RANDOM.integers(0, 2, (40, 4)) * RANDOM.integers(0, 2, (40, 1))
P = (RANDOM.uniform(size=(40, 4)) * RANDOM.integers(0, 2, (40, 1))).astype(
    "float32"
)


def _expected(average, threshold):
    answered = threshold < P
    return f1_score(Y, answered, average=average, zero_division=1.0)


@pytest.mark.parametrize("threshold", [0.2, 0.5])
def test_metrics_of_the_task_are_those_of_scikit_learn(threshold):
    rows = ~Y.any(1) & ~(threshold < P).any(1)
    assert rows.any()  # Where nothing is there and nothing answered.
    task = MultiLabel(4, threshold=threshold)
    names = []
    for metric in task.default_metrics():
        for part in (slice(0, 15), slice(15, None)):
            metric.update_state(Y[part], P[part])
        average = metric.name.removesuffix("_f1")
        expected = _expected(average, threshold)
        np.testing.assert_allclose(float(metric.result()), expected, rtol=1e-5)
        names.append(average)
    assert names == ["samples", "micro", "macro"]
    scores = task.row_scores(P, Y)
    np.testing.assert_allclose(scores.mean(), _expected("samples", threshold))


def test_it_survives_its_config():
    metric = keras.metrics.deserialize(
        keras.metrics.serialize(SamplesF1(0.3, name="f"))
    )
    assert (metric.threshold, metric.name) == (0.3, "f")


@pytest.mark.parametrize("threshold", [0, 1, 7, "0.5", float("nan"), True])
def test_a_threshold_is_between_zero_and_one(threshold):
    with pytest.raises(ArgumentError, match="`threshold`.*between 0 and 1"):
        SamplesF1(threshold)
