"""Labels that do not exclude each other."""

import numpy as np
import pytest
from keras import ops
from sklearn.metrics import f1_score

from mmfusion.tasks import MultiLabel

TARGETS = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]])


def test_each_label_has_a_probability_of_its_own():
    task = MultiLabel(["a", "b"])
    task.build((None, 1))
    task.logits.set_weights([np.array([[1.0, 40.0]]), np.array([0.5, 0.0])])
    p = ops.convert_to_numpy(task(np.array([[2.0]])))
    np.testing.assert_allclose(p, [[1 / (1 + np.exp(-2.5)), 1.0]], rtol=1e-6)
    assert p[0, 1] < 1


def test_an_answer_has_the_labels_above_the_threshold():
    task = MultiLabel(["a", "b", "c"], threshold=0.25)
    answer = task.answer(np.array([0.25, 0.5, 0.75], "float32"))
    assert answer == {
        "": ["b", "c"],
        "_probability": {"a": 0.25, "b": 0.5, "c": 0.75},
    }
    assert task.answer(np.zeros(3))[""] == []
    assert task.answer(None) == {"": None, "_probability": None}


def test_the_baseline_is_the_best_constant_answer():
    score, words = MultiLabel(3).baseline(TARGETS)
    constants = [np.tile(np.arange(3) < n, (4, 1)) for n in range(4)]
    expected = [
        f1_score(TARGETS, answer, average="samples", zero_division=1.0)
        for answer in constants
    ]
    assert score == pytest.approx(max(expected)) == pytest.approx(expected[2])
    assert words == "always the 2 most frequent labels"
    assert MultiLabel(3).baseline(np.zeros((4, 3))) == (1.0, "never a label")


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([0, 1, 1], r"shape \(rows, 3\).*shape=\(3,\)"),
        ([[0, 1]], r"shape=\(1, 2\)"),
        ([["a", "b", "c"]], "makes them of lists of labels"),
        ([[0, 1, 0], [0, 2, 1]], "Received: 2 in row 1, 'b'"),
        ([[0, np.nan, 0]], "Received: nan in row 0, 'b'"),
    ],
)
def test_targets_that_are_no_rows_of_labels_are_named(targets, message):
    with pytest.raises(ValueError, match=message):
        MultiLabel(["a", "b", "c"]).check_targets(targets)


def test_good_targets_pass():
    for values in (TARGETS, TARGETS.astype("float32"), 0.5 * TARGETS):
        MultiLabel(3).check_targets(values)


@pytest.mark.parametrize("threshold", [0, 1, 0.0, 1.0, "0.5", float("nan")])
def test_a_threshold_is_between_zero_and_one(threshold):
    with pytest.raises(ValueError, match="`threshold`.*between 0 and 1"):
        MultiLabel(2, threshold=threshold)


def test_one_label_will_do_and_none_will_not():
    assert MultiLabel(["spam"]).classes == ["spam"]
    for classes in ([], ["a", "a"], "ab"):
        with pytest.raises(ValueError, match="`MultiLabel` expects"):
            MultiLabel(classes)
