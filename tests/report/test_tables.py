import numpy as np
import pytest
from sklearn import metrics

from mmfusion.report.tables import (
    class_scores,
    confusion,
    error_groups,
    label_scores,
    row_shares,
    value_scores,
)


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 5, size=300)
    wrong = rng.random(300) < 0.4
    # Class 5 never occurs but is answered, 6 neither, 4 is never answered.
    given = np.where(wrong, rng.choice([0, 1, 2, 3, 5], 300), targets)
    given[given == 4] = 0
    return targets, given


def test_confusion_agrees_with_scikit_learn(answers):
    targets, given = answers
    expected = metrics.confusion_matrix(targets, given, labels=range(7))
    np.testing.assert_array_equal(confusion(targets, given, 7), expected)


def test_class_scores_agree_with_scikit_learn(answers):
    targets, given = answers
    ours = class_scores(confusion(targets, given, 7))
    expected = metrics.precision_recall_fscore_support(
        targets, given, labels=range(7), zero_division=np.nan
    )
    for name, values in zip(
        ("precision", "recall", "f1", "support"), expected, strict=True
    ):
        np.testing.assert_allclose(ours[name], values, err_msg=name)
    assert np.isnan(ours["precision"][4]) and np.isnan(ours["recall"][5])
    assert np.isnan(ours["f1"][6])


def test_row_shares_sum_to_one_or_are_missing(answers):
    shares = row_shares(confusion(*answers, 7))
    np.testing.assert_allclose(shares[:5].sum(axis=1), 1.0)
    assert np.isnan(shares[5:]).all()


@pytest.fixture(scope="module")
def labels():
    rng = np.random.default_rng(1)
    targets = rng.integers(0, 2, (80, 4))
    # Equal probabilities; a label that never is, one that is never answered.
    given = np.round(rng.uniform(size=(80, 4)) * 0.7 + 0.3 * targets, 1)
    targets[:, 2] = 0
    given[:, 3] /= 4
    return targets, given


@pytest.mark.filterwarnings("ignore:No positive class found")
def test_label_scores_agree_with_scikit_learn(labels):
    targets, given = labels
    ours = label_scores(targets, given, 0.5)
    for average, names in ((None, "precision recall f1"), ("micro", "micro")):
        expected = metrics.precision_recall_fscore_support(
            targets, given > 0.5, average=average, zero_division=np.nan
        )[:3]
        found = [ours[name] for name in names.split()]
        found = found[0] if average else found
        np.testing.assert_allclose(found, expected, err_msg=str(average))
    expected = metrics.average_precision_score(targets, given, average=None)
    found = ours["average_precision"]
    assert np.isnan(found[2])
    kept = [0, 1, 3]
    np.testing.assert_allclose(found[kept], expected[kept])
    np.testing.assert_array_equal(ours["support"], targets.sum(0))
    np.testing.assert_array_equal(ours["prevalence"], targets.mean(0))
    assert ours["answered"] == (given > 0.5).sum() / 80
    assert ours["true"] == targets.sum() / 80


def test_value_scores_agree_with_scikit_learn():
    rng = np.random.default_rng(2)
    true = rng.normal(size=50)
    predicted = true + rng.normal(0.2, 0.5, 50)
    ours = value_scores(true, predicted)
    assert ours["r2"] == pytest.approx(metrics.r2_score(true, predicted))
    assert ours["mae"] == pytest.approx(
        metrics.mean_absolute_error(true, predicted)
    )
    assert ours["rmse"] == pytest.approx(
        metrics.root_mean_squared_error(true, predicted)
    )
    assert ours["bias"] == pytest.approx(np.mean(predicted - true))
    assert np.isnan(value_scores(np.ones(3), np.arange(3.0))["r2"])


def test_error_groups_hold_all_rows_in_order():
    rng = np.random.default_rng(3)
    true, predicted = rng.normal(size=(2, 52))
    groups = error_groups(true, predicted)
    assert sum(group["rows"] for group in groups) == 52
    ends = [x for group in groups for x in (group["low"], group["high"])]
    assert ends == sorted(ends) and ends[0] == predicted.min()
    error = predicted - true
    for key, whole in (("mae", np.abs(error).mean()), ("bias", error.mean())):
        mean = np.average(
            [group[key] for group in groups],
            weights=[group["rows"] for group in groups],
        )
        assert mean == pytest.approx(whole)
    assert max(group["worst"] for group in groups) == np.abs(error).max()
    assert [g["rows"] for g in error_groups(true[:3], predicted[:3])] == [1] * 3
