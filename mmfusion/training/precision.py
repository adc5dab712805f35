"""The precision that models are built and trained in."""

import contextlib

import keras
import tensorflow as tf

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.training.rules import PRECISIONS


@contextlib.contextmanager
def precision(name):
    """Builds what is built inside under a dtype policy, then restores it.

    Args:
        name: `"float32"`, `"mixed_bfloat16"` or `"mixed_float16"`.

    Raises:
        ArgumentError: If float16 is asked for without a GPU, where a step
            takes about fifty times as long.
    """
    checks.check_choice("training", "precision", name, PRECISIONS)
    if name == "mixed_float16" and not tf.config.list_physical_devices("GPU"):
        raise ArgumentError(
            "`precision: mixed_float16` needs a GPU; on a CPU it is many "
            "times slower. Use float32 or mixed_bfloat16."
        )
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
