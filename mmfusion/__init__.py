"""Multimodal models for Keras: look, read and listen at once.

Subpackages load when they are first used, so that `import mmfusion` costs
nothing and `mmfusion --help` needs no TensorFlow.
"""

import importlib

from mmfusion._version import __version__

_SUBPACKAGES = (
    "data",
    "decision",
    "encoders",
    "errors",
    "explain",
    "export",
    "fusion",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "pretrained",
    "recipe",
    "registry",
    "report",
    "run",
    "saving",
    "schema",
    "tasks",
    "training",
    "trust",
)
_FUNCTIONS = {
    "load_model": "mmfusion.saving",
    "register": "mmfusion.saving",
}

__all__ = ["__version__", *_SUBPACKAGES, *_FUNCTIONS]


def __getattr__(name):
    if name in _SUBPACKAGES:
        return importlib.import_module(f"mmfusion.{name}")
    if name in _FUNCTIONS:
        return getattr(importlib.import_module(_FUNCTIONS[name]), name)
    raise AttributeError(f"module 'mmfusion' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
