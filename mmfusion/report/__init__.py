"""One page that says what a model can do, and a file for machines."""

from mmfusion.report.write import write

__all__ = ["write"]
