"""Numbers in cells: the host and the graph give one verdict."""

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as some

from mmfusion.data import number

GOOD = ["0", "-1", "+2.5", ".5", "5.", "1e3", "-1.5E-10", "16777216", "3e38"]
GOOD += ["0" * 5000 + "1"]  # Python refuses to make an int of so many digits.
BAD = {
    "abc": "correct it, or declare the column in `categories`",
    "1,5": "write 1.5",
    "1,234": "write 1.234 or 1234, whichever is meant",
    "1,234,567.8": "without separators of thousands",
    "1 234": "without separators of thousands",
    "nan": "leave the cell empty",
    "-Inf": "leave the cell empty",
    "16777217": "declare the column in `categories` if these are ids",
    "-99999999999": "above 16777216 lose digits",
    "1e39": "float32 ends at 3.4e38",
    "1e999": "float32 ends",
    "0x10": "correct it",
    "1_0": "correct it",
    "٣": "correct it",
    "1e": "correct it",
    ".": "correct it",
}


def _status(cell):
    return number.status(tf.constant([cell])).numpy()[0].decode()


@pytest.mark.parametrize("cell", GOOD, ids=lambda cell: cell[:20])
def test_numbers_are_numbers(cell):
    assert number.fault(cell) is None
    assert _status(cell) == ""
    assert number.value(tf.constant([cell])).numpy()[0] == float(cell)


@pytest.mark.parametrize("cell", BAD)
def test_the_error_shows_the_cell_and_the_way_out(cell):
    error = number.fault(cell)
    assert repr(cell) in str(error) and BAD[cell] in str(error)
    assert _status(cell) == error.reason


def test_codes_and_ids_do_not_look_like_numbers():
    assert all(map(number.looks_like_number, ["7", "0", "0.07", "-1e3"]))
    for cell in ("007", "-01", "99999999", "abc", "nan"):
        assert not number.looks_like_number(cell)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(some.text("0123456789.,eE+- naif", min_size=1, max_size=9))
def test_host_and_graph_agree(cell):
    cell = cell.strip()
    error = number.fault(cell) if cell else None
    assert _status(cell) == (error.reason if error else "")
