"""UnmergeSteps: steps that were rows are steps again, in their order."""

import keras
import numpy as np
from keras import ops

from mmfusion.layers import UnmergeSteps


def _model():
    x = keras.Input((3, 2))
    y = ops.reshape(x, (-1, 2)) * 2.0
    return keras.Model(x, UnmergeSteps()(y, x))


def test_every_step_comes_back_to_its_row(tmp_path):
    model = _model()
    assert model.output_shape == (None, 3, 2)
    model.save(tmp_path / "model.keras")
    x = np.arange(24, dtype="float32").reshape(4, 3, 2)
    for again in (model, keras.models.load_model(tmp_path / "model.keras")):
        np.testing.assert_array_equal(again.predict(x, verbose=0), 2 * x)


def test_there_may_be_fewer_steps():
    x = np.arange(8, dtype="float32").reshape(2, 2, 2)
    model = _model()
    model.input_spec = None
    np.testing.assert_array_equal(ops.convert_to_numpy(model(x)), 2 * x)


def test_the_dtype_is_that_of_the_embeddings():
    x = np.zeros((2, 3, 5), "uint8")
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        y = UnmergeSteps()(ops.zeros((6, 4), dtype="bfloat16"), x)
    finally:
        keras.config.set_dtype_policy("float32")
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    assert tuple(y.shape) == (2, 3, 4)
