import numpy as np
import pytest

from mmfusion.data.datasets import drawing


def _draw(symbols, size, seed=0):
    return drawing.draw(np.asarray(symbols), size, np.random.default_rng(seed))


@pytest.mark.parametrize("size", [(16, 16), (24, 40), (65, 31)])
def test_pictures_of_any_size(size):
    pictures = _draw([0, 1, 2, 3], size)
    assert pictures.shape == (4, *size, 3) and pictures.dtype == np.uint8


def test_same_seed_same_pictures_and_no_two_alike():
    twice = _draw([1] * 600, (16, 16)), _draw([1] * 600, (16, 16))
    np.testing.assert_array_equal(*twice)
    assert len(np.unique(twice[0].reshape(600, -1), axis=0)) == 600


def test_shape_stands_out_in_every_channel():
    ground, paint = drawing._colours(500, np.random.default_rng(0))
    assert np.abs(ground - paint).min() >= 63.9
    assert paint.min() >= 0 and paint.max() <= 255


@pytest.mark.parametrize("symbol", range(len(drawing.SHAPES)))
def test_shape_lies_inside(symbol):
    """What touches the border would lose what tells it apart."""
    pictures = _draw([symbol] * 200, (48, 48)).astype("float64")
    border = np.stack(
        [
            pictures[:, 0],
            pictures[:, -1],
            pictures[:, :, 0],
            pictures[:, :, -1],
        ],
        axis=1,
    ).reshape(200, -1, 3)
    away = np.abs(border - np.median(border, axis=1, keepdims=True))
    # Noise reaches 4 of its deviations of 16; the shape is 64 away.
    assert (away.min(axis=-1) > 60).mean() < 0.02
