import pytest

from mmfusion.report.scale import share_ticks, ticks, whole_ticks


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0, 2.3), (0.31, 0.38), (0, 900), (5, 5)]
)
def test_ticks_hold_all_values_and_are_few(low, high):
    found = ticks(low, high)
    assert found[0] <= low and found[-1] >= high
    assert 2 <= len(found) <= 8


@pytest.mark.parametrize("low", [0.0, 0.1, 0.44, 0.45, 0.61, 0.9, 0.999, 1.0])
def test_share_ticks_end_at_one_and_hold_the_lowest(low):
    found = share_ticks([low, 1.0])
    assert found[-1] == 1.0 and 0.0 <= found[0] <= low
    assert 2 <= len(found) <= 11


def test_whole_ticks_have_both_ends():
    assert whole_ticks(1) == [1]
    assert whole_ticks(300)[0] == 1 and whole_ticks(300)[-1] == 300
