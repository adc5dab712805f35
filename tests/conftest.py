"""Marks by case."""

import importlib.util

import pytest

# Where it is not installed, no test needs it.
if importlib.util.find_spec("hypothesis"):
    from hypothesis import settings

    # On a busy machine an example may take as long as it likes.
    settings.register_profile("mmfusion", deadline=None)
    settings.load_profile("mmfusion")


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
