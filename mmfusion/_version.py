"""The version, on its own so that setup.cfg reads it without imports."""

__version__ = "0.1.0"
