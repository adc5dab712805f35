"""Each numbered fault has a test that names it."""

import pathlib
import re

TESTS = pathlib.Path(__file__).parents[1]
NUMBERS = {*range(1, 54), 93, 94, 95}


def test_every_number_is_named_by_a_test():
    named = set()
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        # As a name of a test, or as an id of one of its cases.
        found = re.findall(r"def test_fault_(\d\d)_|\"fault-(\d\d)\"", text)
        named |= {int(number) for pair in found for number in pair if number}
    assert sorted(NUMBERS - named) == []
