"""BatchNorm: Keras' normalisation, another gradient."""

import keras
import numpy as np
import pytest
from keras import ops

import mmfusion as mm
from mmfusion.layers import BatchNorm
from tests.layers.gradients import DOUBLES, training_step

SHAPE = (4, 5, 3, 3)
UPSTREAM = np.random.default_rng(1).normal(size=SHAPE).astype("float32")

# Elsewhere Keras' own normalisation runs, which is less exact there.
KERNEL = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="no kernel of the backend"
)


def _data(mean=0.0):
    noise = np.random.default_rng(0).normal(size=SHAPE) * [1.0, 2.0, 0.5]
    return (noise + mean * np.array([1.0, -1.0, 0.0])).astype("float32")


def _built(layer):
    layer.build(SHAPE)
    layer.gamma.assign([1.0, -2.0, 0.5])
    layer.beta.assign([0.1, 0.2, 0.3])
    return layer


def _by_formula(x, epsilon=1e-3, momentum=0.99):
    """The same in float64."""
    x, dy = x.astype("float64"), UPSTREAM.astype("float64")
    axes, gamma = (0, 1, 2), np.array([1.0, -2.0, 0.5])
    mean, variance = x.mean(axes), x.var(axes)
    rate = 1 / np.sqrt(variance + epsilon)
    hat = (x - mean) * rate
    dgamma = (dy * hat).sum(axes)
    dx = gamma * rate * (dy - dy.mean(axes) - hat * (dy * hat).mean(axes))
    return {
        "y": gamma * hat + [0.1, 0.2, 0.3],
        "dx": dx,
        "gamma": dgamma,
        "beta": dy.sum(axes),
        "moving_mean": (1 - momentum) * mean,
        "moving_variance": momentum + (1 - momentum) * variance,
    }


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("mean", [0.0, 3.0, pytest.param(1e4, marks=KERNEL)])
def test_a_training_step_is_the_formula(mean, jit):
    x = _data(mean)
    layer = _built(BatchNorm())
    found = training_step(layer, x, UPSTREAM, jit)
    expected = _by_formula(x)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(
            found[name], value, rtol=1e-5, atol=1e-5, err_msg=name
        )


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_training_step_is_that_of_keras(policy):
    x = ops.cast(_data(), policy.removeprefix("mixed_"))
    found = training_step(_built(BatchNorm(dtype=policy)), x, UPSTREAM)
    expected = training_step(
        _built(keras.layers.BatchNormalization(dtype=policy)), x, UPSTREAM
    )
    # One step of bfloat16 where the last digit is rounded the other way.
    tolerance = {"float32": 1e-5, "mixed_bfloat16": 2**-7}[policy]
    assert found.keys() == expected.keys()
    for name in ("y", "dx"):
        np.testing.assert_allclose(
            found[name], expected[name], tolerance, 1e-5, err_msg=name
        )
    for name in expected.keys() - {"y", "dx"}:
        np.testing.assert_allclose(
            found[name], expected[name], 1e-5, 1e-5, err_msg=name
        )


@KERNEL
def test_a_constant_channel_stays_finite():
    x = np.full(SHAPE, 7.0, "float32")
    found = training_step(_built(BatchNorm()), x, UPSTREAM)
    np.testing.assert_allclose(found["y"][0, 0, 0], [0.1, 0.2, 0.3], atol=1e-5)
    assert all(np.isfinite(value).all() for value in found.values())


def test_inference_and_frozen_are_those_of_keras():
    x = _data()
    layer = _built(BatchNorm())
    plain = _built(keras.layers.BatchNormalization())
    for training in (None, False):
        np.testing.assert_array_equal(
            np.asarray(layer(x, training=training)),
            np.asarray(plain(x, training=training)),
        )
    layer.trainable = False
    before = np.asarray(layer.moving_mean)
    layer(x, training=True)
    np.testing.assert_array_equal(np.asarray(layer.moving_mean), before)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (None, 3), (5, None, 4, 3)])
def test_any_number_of_axes(shape):
    x = keras.Input(shape)
    y = BatchNorm()(x)
    assert keras.Model(x, y).output_shape == (None, *shape)
    size = (2, *(4 if n is None else n for n in shape))
    data = np.random.default_rng(0).normal(size=size).astype("float32")
    layers = BatchNorm(), keras.layers.BatchNormalization()
    found, expected = (np.asarray(f(data, training=True)) for f in layers)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    for a, b in zip(*(layer.weights for layer in layers), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "arguments", [{"axis": 1}, {"scale": False}, {"center": False}]
)
def test_what_the_kernel_cannot_do_is_left_to_keras(arguments):
    layers = (
        BatchNorm(**arguments),
        keras.layers.BatchNormalization(**arguments),
    )
    found, expected = (np.asarray(f(_data(), training=True)) for f in layers)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "dtype", ["float16", pytest.param("float64", marks=DOUBLES)]
)
def test_any_dtype(dtype):
    x = _data().astype(dtype)
    layers = (
        BatchNorm(dtype=dtype),
        keras.layers.BatchNormalization(dtype=dtype),
    )
    found, expected = (np.asarray(f(x, training=True)) for f in layers)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_it_is_saved_with_its_implementation(tmp_path):
    x = keras.Input(SHAPE[1:])
    model = keras.Model(x, BatchNorm(implementation="plain")(x))
    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    assert again.layers[-1].implementation == "plain"


def test_an_unknown_implementation_is_refused():
    with pytest.raises(ValueError, match="auto.*Received.*fast"):
        BatchNorm(implementation="fast")
