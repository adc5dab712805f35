"""Which SavedModels may run: a graph of TensorFlow can read and write files.

Who makes a layer of a SavedModel in code has chosen it. A file that names one
has not: there, only what lies in folders that the user trusts is run.
"""

from mmfusion.trust.checksum import checksum
from mmfusion.trust.context import Trusted, accept, trusting
from mmfusion.trust.find import find, given

__all__ = ["Trusted", "accept", "checksum", "find", "given", "trusting"]
