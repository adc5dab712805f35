"""Marks by case."""

import pytest


@pytest.hookimpl(tryfirst=True)  # Before the test runner reads the groups.
def pytest_collection_modifyitems(items):
    for item in items:
        values = item.callspec.params if hasattr(item, "callspec") else {}
        case = values.get("case")
        if getattr(case, "slow", False):
            item.add_marker(pytest.mark.slow)
        if getattr(case, "variant", ""):
            item.add_marker(pytest.mark.variant)
        # What one test has compiled for a case, the others find in its process.
        alone = item.get_closest_marker("xdist_group") is None
        if alone and hasattr(case, "name"):
            item.add_marker(pytest.mark.xdist_group(case.name))
    # The longest first: one process would end with it while others wait.
    items.sort(key=_soon)


def _soon(item):
    slow = item.get_closest_marker("slow") is not None
    return ("notebooks" not in item.path.parts, not slow)
