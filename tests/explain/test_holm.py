import itertools

import numpy as np

from mmfusion.explain import bootstrap_p_value, holm


def _rejected(p_values, risk):
    """Holm's procedure as the paper tells it: step down until one stays."""
    left, gone = dict(p_values), set()
    while left:
        name = min(left, key=left.get)
        if left.pop(name) > risk / (len(left) + 1):
            break
        gone.add(name)
    return gone


def test_adjusted_values_reject_what_stepping_down_rejects():
    grid = (0.001, 0.012, 0.02, 0.04, 0.3)
    for values in itertools.product(grid, repeat=3):
        p_values = dict(zip("abc", values, strict=True))
        adjusted = holm(p_values)
        for risk in (0.01, 0.05, 0.1):
            shown = {name for name, p in adjusted.items() if p <= risk}
            assert shown == _rejected(p_values, risk)


def test_one_comparison_is_left_as_it_is():
    assert holm({"a": 0.04}) == {"a": 0.04}
    assert holm({}) == {}


def test_adjusted_values_never_exceed_one():
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}


def test_no_difference_at_all_has_p_one():
    assert bootstrap_p_value(np.zeros(500), units=100) == 1.0


def test_p_agrees_with_the_interval():
    means = np.linspace(-0.02, 0.98, 1000)  # 2 % below zero: p = 0.04.
    low = np.quantile(means, 0.025)
    assert low > 0 and bootstrap_p_value(means, 100) < 0.05
    means = np.linspace(-0.03, 0.97, 1000)
    low = np.quantile(means, 0.025)
    assert low < 0 and bootstrap_p_value(means, 100) > 0.05


def test_few_units_show_little():
    assert bootstrap_p_value(np.ones(2000), units=1) == 1.0
    assert bootstrap_p_value(np.ones(2000), units=5) == 0.0625
