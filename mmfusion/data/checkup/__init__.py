"""Reads everything once, and says what is wrong and what is worth knowing."""

from mmfusion.data.checkup.check import check, checked
from mmfusion.data.checkup.checkup import Checkup
from mmfusion.data.checkup.of_data import checkup_of

__all__ = ["Checkup", "check", "checked", "checkup_of"]
