"""The command `mmfusion`; what is heavy is imported inside the commands."""

from mmfusion.cli.main import main

__all__ = ["main"]
