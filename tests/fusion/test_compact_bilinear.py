"""Compact bilinear fusion: the fast transform is the one by matrices."""

import keras
import numpy as np
import pytest
from keras import ops

from mmfusion.fusion import CompactBilinearFusion


@pytest.mark.parametrize("units", [12, 15])
def test_both_transforms_are_the_same(units):
    random = np.random.default_rng(0)
    x = {n: random.normal(size=(4, 7)).astype("float32") for n in "ab"}
    here = {"b": np.array([True, False, True, False])}
    slow, fast = (
        ops.convert_to_numpy(
            CompactBilinearFusion(units, transform=transform)(x, present=here)
        )
        for transform in ("matrix", "fast")
    )
    np.testing.assert_allclose(fast, slow, atol=1e-5)


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="Reads TensorFlow's graph."
)
def test_the_fast_one_is_another_graph():
    import tensorflow as tf

    x = {n: np.ones((2, 7), "float32") for n in "ab"}
    for transform, fast in (("matrix", False), ("fast", True)):
        layer = CompactBilinearFusion(12, transform=transform)
        layer(x)
        graph = tf.function(layer).get_concrete_function(x).graph
        assert ("IRFFT" in {op.type for op in graph.get_operations()}) is fast


def test_places_are_exact_under_any_policy():
    keras.config.set_dtype_policy("bfloat16")
    try:
        layer = CompactBilinearFusion(4000)
        layer.build({"a": (None, 300), "b": (None, 300)})
    finally:
        keras.config.set_dtype_policy("float32")
    for places in layer.places:
        values = ops.convert_to_numpy(places)
        np.testing.assert_array_equal(values, np.round(values))
        assert len(set(values.tolist())) > 250  # Few fall on one by chance.
