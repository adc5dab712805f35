"""Marks by case."""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        values = item.callspec.params if hasattr(item, "callspec") else {}
        if getattr(values.get("case"), "slow", False):
            item.add_marker(pytest.mark.slow)
