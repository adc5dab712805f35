"""Precision: set while building, put back afterwards."""

import keras
import pytest
import tensorflow as tf

from mmfusion.errors import ArgumentError
from mmfusion.training import precision


def test_set_inside_and_restored_even_after_an_error():
    with pytest.raises(RuntimeError):
        with precision("mixed_bfloat16"):
            assert keras.layers.Dense(1).compute_dtype == "bfloat16"
            raise RuntimeError
    assert keras.layers.Dense(1).compute_dtype == "float32"


@pytest.mark.skipif(
    bool(tf.config.list_physical_devices("GPU")), reason="there is a GPU"
)
def test_float16_without_a_gpu_is_refused():
    with pytest.raises(ArgumentError, match="needs a GPU"):
        with precision("mixed_float16"):
            pass
