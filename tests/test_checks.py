"""The rules on user input, and their one grammar."""

import numpy as np
import pytest

from mmfusion import checks
from mmfusion.errors import ArgumentError


@pytest.mark.parametrize("value", [1, 7, np.int64(3)])
def test_positive_whole_numbers_pass(value):
    checks.check_positive("f", units=value)


@pytest.mark.parametrize("value", [0, -1, 2.0, "3", None, True, [1]])
def test_everything_else_is_refused_and_shown(value):
    with pytest.raises(ArgumentError, match="`f` expects `units`.*Received"):
        checks.check_positive("f", units=value)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), "0.5", True])
def test_outside_a_range_is_refused(value):
    with pytest.raises(ArgumentError, match="between 0 and 1"):
        checks.check_range("f", "share", value, 0, 1)


@pytest.mark.parametrize("seed", [0, 7, np.int64(3), 2**31 - 1])
def test_a_seed_is_a_whole_number(seed):
    checks.check_seed("f", seed)


@pytest.mark.parametrize("seed", [-1, 0.5, True, "1", None, 2**31])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(ArgumentError, match="`seed` to be a whole number"):
        checks.check_seed("f", seed)


def test_a_near_name_is_suggested_and_a_far_one_is_not():
    near = str(checks.unknown("fusion", "gatd", ["gated", "concat"]))
    assert "Did you mean 'gated'?" in near
    assert near.endswith("Available: concat, gated.")
    assert "Did you mean" not in str(checks.unknown("fusion", "x", ["gated"]))


def _make(size, *, scale=1.0):
    return size * scale


def test_call_knows_the_arguments_of_what_it_calls():
    assert checks.call("thing", _make, {"size": 2, "scale": 3.0}) == 6.0
    with pytest.raises(ArgumentError, match="Did you mean 'scale'"):
        checks.call("thing", _make, {"size": 2, "scal": 3.0})
    with pytest.raises(ArgumentError, match="needs the key 'size'"):
        checks.call("thing", _make, {})


class _Base:
    """As layers of Keras are: what is made is not what is asked."""

    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

    def __init__(self, units, *rest, scale=1.0, **more):
        self.units = units


class _Inherits(_Base):
    """Has nothing of its own."""


@pytest.mark.parametrize(
    "thing", [_Base, _Inherits, lambda units, *rest, scale=1.0, **more: units]
)
def test_parameters_are_those_with_a_name(thing):
    assert list(checks.parameters(thing)) == ["units", "scale"]
