"""LayerNorm: Keras' normalisation, another gradient."""

import keras
import numpy as np
import pytest
from keras import ops

from mmfusion import kernels
from mmfusion.errors import ArgumentError
from mmfusion.layers import LayerNorm
from mmfusion.ops.layer_norm import layer_norm
from tests.gradient import gradient
from tests.layers.gradients import training_step

SHAPE = (3, 4, 5)
UPSTREAM = np.random.default_rng(1).normal(size=SHAPE).astype("float32")
GAMMA = np.array([1.0, -2.0, 0.5, 3.0, 0.1], "float32")
BETA = np.array([0.1, 0.2, 0.3, -0.4, 0.0], "float32")

# Elsewhere Keras' own normalisation runs, which is less exact there.
EXPLICIT = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="Keras' own runs"
)


def _data(mean=0.0):
    noise = np.random.default_rng(0).normal(size=SHAPE)
    return (noise + mean).astype("float32")


def _built(layer):
    layer.build(SHAPE)
    layer.gamma.assign(GAMMA)
    layer.beta.assign(BETA)
    return layer


def _by_formula(x, epsilon=1e-3):
    """The same in float64."""
    x, dy = x.astype("float64"), UPSTREAM.astype("float64")
    rate = 1 / np.sqrt(x.var(-1, keepdims=True) + epsilon)
    hat = (x - x.mean(-1, keepdims=True)) * rate
    g = GAMMA * dy
    along = (g * hat).mean(-1, keepdims=True)
    return {
        "y": GAMMA * hat + BETA,
        "dx": rate * (g - g.mean(-1, keepdims=True) - hat * along),
        "gamma": (dy * hat).sum((0, 1)),
        "beta": dy.sum((0, 1)),
    }


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("mean", [0.0, pytest.param(1e3, marks=EXPLICIT)])
def test_a_training_step_is_the_formula(mean, jit):
    x = _data(mean)
    found = training_step(_built(LayerNorm()), x, UPSTREAM, jit)
    expected = _by_formula(x)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(
            found[name], value, rtol=2e-4, atol=2e-4, err_msg=name
        )


def test_the_explicit_gradient_is_the_formula_on_every_backend():
    x = _data(10.0)
    found = gradient(
        lambda v: ops.sum(layer_norm(v, GAMMA, BETA) * UPSTREAM), x
    )
    np.testing.assert_allclose(
        found, _by_formula(x)["dx"], rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_training_step_is_that_of_keras(policy):
    x = ops.cast(_data(), policy.removeprefix("mixed_"))
    found = training_step(_built(LayerNorm(dtype=policy)), x, UPSTREAM)
    plain = _built(LayerNorm("plain", dtype=policy))
    expected = training_step(plain, x, UPSTREAM)
    tolerance = {"float32": 1e-5, "mixed_bfloat16": 0.02}[policy]
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(
            found[name], value, tolerance, tolerance, err_msg=name
        )


@pytest.mark.parametrize(
    "settings",
    [{"axis": 1}, {"axis": (1, 2)}, {"scale": False}, {"center": False}],
    ids=str,
)
def test_what_the_explicit_gradient_does_not_cover_is_keras(settings):
    layers = LayerNorm(**settings), LayerNorm("plain", **settings)
    for layer in layers:
        layer.build(SHAPE)
    found, expected = (training_step(x, _data(), UPSTREAM) for x in layers)
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)


def test_which_implementation_runs(monkeypatch):
    """The explicit one in training, on TensorFlow without a GPU only."""
    ran = []

    def spy(*arguments):
        ran.append(1)
        return layer_norm(*arguments)

    monkeypatch.setattr("mmfusion.layers.layer_norm.layer_norm", spy)
    _built(LayerNorm())(_data())
    _built(LayerNorm("plain"))(_data(), training=True)
    assert not ran
    _built(LayerNorm())(_data(), training=True)
    assert bool(ran) is kernels.on_tensorflow_cpu()


def test_unknown_implementation():
    with pytest.raises(ArgumentError, match="implementation.*'fast'"):
        LayerNorm(implementation="fast")
