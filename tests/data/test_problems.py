"""Collecting faults."""

import pytest

from mmfusion.data.problems import LISTED, Problems
from mmfusion.errors import DataError


def test_no_fault_no_error():
    problems = Problems("a.csv")
    problems.check()
    assert not problems


def test_message_is_capped_and_problems_are_not():
    problems = Problems("a.csv")
    for row in reversed(range(2, 102)):
        problems.add("is bad; mend it", row=row, column="x")
    with pytest.raises(DataError, match="100 problems") as caught:
        problems.check()
    text = str(caught.value)
    assert text.count("is bad") == LISTED
    assert "80 more, 100 in all" in text
    assert len(caught.value.problems) == 100
    assert caught.value.problems[0] == "a.csv:2:x: is bad; mend it"
    assert caught.value.problems[-1].startswith("a.csv:101:")


def test_one_problem_is_singular():
    problems = Problems("a.csv")
    problems.add("is empty")
    with pytest.raises(DataError, match=r"1 problem\.\na.csv: is empty"):
        problems.check()
