"""Reads everything once, and says what is wrong and what is worth knowing."""

from mmfusion.data.checkup.check import check
from mmfusion.data.checkup.checkup import Checkup

__all__ = ["Checkup", "check"]
