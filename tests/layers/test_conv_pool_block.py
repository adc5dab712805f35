"""ConvPoolBlock: the function of the plain chain, pooled first."""

import keras
import numpy as np
import pytest
from keras import ops

import mmfusion as mm
from mmfusion.layers import ConvPoolBlock
from tests.layers.gradients import DOUBLES, training_step

GAMMA, BETA = [1.0, -2.0, 0.5, -0.5], [0.1, 0.2, -0.3, 0.4]


class Plain(keras.layers.Layer):
    """The same chain of Keras' own layers, ReLU before the pool."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        policy = {"dtype": self.dtype_policy}
        self.chain = [
            keras.layers.Conv2D(4, 3, padding="same", use_bias=False, **policy),
            keras.layers.BatchNormalization(**policy),
            keras.layers.Activation("relu", **policy),
            keras.layers.MaxPooling2D(2, padding="same", **policy),
        ]

    def build(self, input_shape):
        self.chain[0].build(input_shape)
        self.chain[1].build((*input_shape[:-1], 4))

    def call(self, x, training=None):
        x = self.chain[1](self.chain[0](x), training=training)
        return self.chain[3](self.chain[2](x))


def _data(sides, mean=0.0):
    x = np.random.default_rng(0).normal(size=(3, *sides, 2))
    return (x + mean).astype("float32")


def _upstream(sides):
    shape = (3, -(-sides[0] // 2), -(-sides[1] // 2), 4)
    return np.random.default_rng(1).normal(size=shape).astype("float32")


def _weights(gamma=GAMMA):
    kernel = np.random.default_rng(2).normal(size=(3, 3, 2, 4))
    return [kernel, np.array(gamma), np.array(BETA), np.zeros(4), np.ones(4)]


def _built(layer, sides, gamma=GAMMA):
    layer.build((None, *sides, 2))
    layer.set_weights(_weights(gamma))
    return layer


def _fused(**kwargs):
    return ConvPoolBlock(4, implementation="fused", **kwargs)


def _assert_equal(found, expected, tolerance=1e-5):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        # Relative to the largest: sums of many products round alike.
        scale = max(1.0, np.abs(value).max())
        np.testing.assert_allclose(
            found[name], value, rtol=0, atol=tolerance * scale, err_msg=name
        )


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("sides", [(6, 4), (5, 7)])
def test_a_training_step_is_that_of_the_plain_chain(sides, jit):
    x, upstream = _data(sides), _upstream(sides)
    found = training_step(_built(_fused(), sides), x, upstream, jit)
    expected = training_step(_built(Plain(), sides), x, upstream, jit)
    assert (np.abs(expected["y"]) > 0).mean() > 0.3
    _assert_equal(found, expected)


def test_a_large_mean_loses_no_digits():
    sides, constant = (5, 6), 1e4 * np.array([1.0, -1.0, 1.0, -1.0])
    x, upstream = _data(sides), _upstream(sides)
    x[..., 0] = 1.0  # A bias, for the kernel's centre.
    kernel, *others = _weights()
    kernel[:, :, 0] = 0.0
    far = np.array(kernel)
    far[1, 1, 0] = constant
    fused, plain = _built(_fused(), sides), _built(Plain(), sides)
    fused.set_weights([far, *others])
    plain.set_weights([kernel, *others])
    found = training_step(fused, x, upstream)
    expected = training_step(plain, x, upstream)
    # A constant changes nothing but the mean; at 1e4, the convolution itself
    # is rounded to 1e-3.
    for name in ("y", "gamma", "beta", "moving_variance"):
        np.testing.assert_allclose(
            found[name], expected[name], rtol=2e-3, atol=1e-2, err_msg=name
        )
    np.testing.assert_allclose(
        found["moving_mean"] - constant / 100,
        expected["moving_mean"],
        atol=1e-4,
    )


@DOUBLES
def test_gradients_at_a_large_mean_are_those_of_float64():
    sides = (6, 8)
    x, upstream = 50 + _data(sides), _upstream(sides)
    found = training_step(_built(_fused(), sides), x, upstream)
    exact = _built(Plain(dtype="float64"), sides)
    expected = training_step(exact, x.astype("float64"), upstream)
    for name, value in expected.items():
        scale = np.abs(value).max()
        # What float32 leaves of a difference at fifty times the deviation.
        np.testing.assert_allclose(
            found[name], value, rtol=0, atol=2e-4 * scale, err_msg=name
        )


def test_bfloat16_is_that_of_the_plain_chain():
    sides = (5, 6)
    x, upstream = ops.cast(_data(sides), "bfloat16"), _upstream(sides)
    found, expected = (
        training_step(_built(layer, sides), x, upstream)
        for layer in (
            _fused(dtype="mixed_bfloat16"),
            Plain(dtype="mixed_bfloat16"),
        )
    )
    _assert_equal(found, expected, tolerance=2e-2)


def test_the_gradient_of_a_tie_goes_to_one_place():
    # All places of a window are equal: only one of them may learn.
    sides = (4, 4)
    x = np.repeat(np.repeat(_data((2, 2)), 2, axis=1), 2, axis=2)
    layers = _built(_fused(), sides), _built(Plain(), sides)
    kernel, *others = _weights()
    kernel[:] = 0.0
    kernel[1, 1] = np.random.default_rng(3).normal(size=(2, 4))
    for layer in layers:
        layer.set_weights([kernel, *others])
    _assert_equal(
        *(training_step(layer, x, _upstream(sides)) for layer in layers)
    )


def test_a_gamma_of_zero_is_finite_and_learns():
    sides, gamma = (4, 6), [0.0, -2.0, 0.5, 0.0]
    layer = _built(_fused(), sides, gamma)
    found = training_step(layer, _data(sides), _upstream(sides))
    np.testing.assert_allclose(found["y"][..., 0], 0.1, atol=1e-6)
    assert all(np.isfinite(value).all() for value in found.values())
    assert abs(found["gamma"][0]) > 0.1


@pytest.mark.parametrize("normalization", ["batch", "group", None])
def test_both_implementations_give_the_same_answers(normalization):
    x = _data((5, 6))
    answers, weights = [], None
    for implementation in ("fused", "plain"):
        layer = ConvPoolBlock(
            4, normalization=normalization, implementation=implementation
        )
        layer.build(x.shape)
        weights = weights or layer.get_weights()
        layer.set_weights(weights)
        answers.append(np.asarray(layer(x)))
    np.testing.assert_array_equal(*answers)


def test_frozen_it_uses_the_moving_statistics():
    x = _data((4, 4))
    layer = _built(_fused(), (4, 4))
    expected = np.asarray(layer(x, training=False))
    layer.trainable = False
    np.testing.assert_array_equal(np.asarray(layer(x, training=True)), expected)


def test_it_is_saved_with_all_it_was_made_of(tmp_path):
    x = keras.Input((5, 6, 2))
    block = ConvPoolBlock(4, 5, "group", "plain")
    model = keras.Model(x, block(x))
    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    assert again.layers[-1].get_config() == block.get_config()
    np.testing.assert_array_equal(
        np.asarray(again(_data((5, 6)))), np.asarray(model(_data((5, 6))))
    )


def test_sizes_that_are_not_known_are_plain():
    x = keras.Input((None, None, 2))
    model = keras.Model(x, _fused()(x))
    assert model.output_shape == (None, None, None, 4)
    data = np.ones((2, 5, 3, 2), "float32")
    assert model(data, training=True).shape == (2, 3, 2, 4)


@pytest.mark.parametrize(
    "arguments",
    [{"filters": 0}, {"kernel_size": -1}, {"normalization": "layer"}],
)
def test_what_makes_no_sense_is_refused(arguments):
    with pytest.raises(ValueError, match="ConvPoolBlock.*Received"):
        ConvPoolBlock(**{"filters": 4, **arguments})
