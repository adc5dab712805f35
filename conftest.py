"""Marks by folder, and what may be collected without TensorFlow."""

import importlib.util
import pathlib

import keras
import pytest

ROOT = pathlib.Path(__file__).parent
# Folders and files, of the package and of its tests, that run on any backend.
KERAS_ONLY = {
    "ops",
    "layers",
    "losses",
    "metrics",
    "fusion",
    "decision",
    "encoders",
    "tasks",
    "models",
    "saving",
    "conformance",
    "registry",
    "schema",
    "trust",
    "checks",
    "files",
    "optional",
    "errors",
}
HAS_TENSORFLOW = importlib.util.find_spec("tensorflow") is not None


def _area(path):
    """`fusion` for mmfusion/fusion/gated.py and tests/fusion/test_gated.py."""
    parts = pathlib.Path(path).relative_to(ROOT).parts
    if len(parts) < 2:
        return None
    return pathlib.Path(parts[1]).stem.removeprefix("test_")


@pytest.fixture(autouse=True)
def _seeded():
    """Random weights are the same in each run, whatever ran before."""
    keras.utils.set_random_seed(0)


def pytest_ignore_collect(collection_path, config):
    if HAS_TENSORFLOW or collection_path == ROOT:
        return None
    parts = collection_path.relative_to(ROOT).parts
    if len(parts) > 1 and _area(collection_path) not in KERAS_ONLY:
        return True  # Importing it would need TensorFlow.
    return None


def pytest_collection_modifyitems(items):
    for item in items:
        if _area(item.path) in KERAS_ONLY:
            item.add_marker(pytest.mark.keras_only)
