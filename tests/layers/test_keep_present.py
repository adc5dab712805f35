"""KeepPresent: large values reach the encoder unrounded."""

import keras
import numpy as np

from mmfusion.layers import KeepPresent


def test_ids_and_pixels_are_not_rounded_by_a_bfloat16_policy():
    x = np.array([[257.0], [301.0]], "float32")
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        kept = KeepPresent()(x, np.array([True, True]))
    finally:
        keras.config.set_dtype_policy("float32")
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(kept), x)
