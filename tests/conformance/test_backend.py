"""The Keras-only folders need no TensorFlow."""

import importlib
import pkgutil
import sys

import keras
import pytest

FOLDERS = (
    "decision",
    "encoders",
    "fusion",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "saving",
    "tasks",
)


@pytest.mark.skipif(
    keras.backend.backend() == "tensorflow", reason="Keras runs on TensorFlow"
)
def test_no_tensorflow_is_imported():
    for folder in FOLDERS:
        package = importlib.import_module(f"mmfusion.{folder}")
        for part in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"mmfusion.{folder}.{part.name}")
    assert "tensorflow" not in sys.modules
