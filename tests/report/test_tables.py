import numpy as np
import pytest
from sklearn import metrics

from mmfusion.report.tables import class_scores, confusion, row_shares


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
