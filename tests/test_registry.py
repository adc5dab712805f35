"""Names and what they stand for."""

import pytest

from mmfusion import registry
from mmfusion.errors import ArgumentError


def test_an_unknown_name_tells_the_nearest_and_all():
    with pytest.raises(
        ArgumentError,
        match="Unknown fusion 'gatd'. Did you mean 'gated'.*film, gated",
    ):
        registry.get("fusion", "gatd")
    with pytest.raises(ArgumentError, match="`kind`"):
        registry.get("fusions", "gated")


def test_names_and_things_are_each_others_inverse():
    for kind in ("decision", "encoder", "fusion", "task"):
        for name in registry.names(kind):
            assert registry.name_of(kind, registry.get(kind, name)) == name


def test_a_name_is_given_once():
    registry.names("fusion")
    with pytest.raises(RuntimeError, match="'concat' is registered twice"):
        registry.register("fusion", "concat")(dict)
