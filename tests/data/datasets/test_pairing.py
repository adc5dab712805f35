import numpy as np
import pytest

from mmfusion.data.datasets.pairing import images_for, meet
from mmfusion.errors import DataError


def test_every_recording_comes_as_often():
    rows = meet(np.arange(20), 7, np.random.default_rng(0))
    assert np.all(np.bincount(rows) == 7)
    assert np.all(np.bincount(rows[20:40]) == 1)


def test_images_show_the_digit_and_come_once():
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=500)
    digits = np.repeat(np.arange(10), 20)
    chosen = images_for(digits, labels, rng)
    np.testing.assert_array_equal(labels[chosen], digits)
    assert len(set(chosen)) == len(chosen)


def test_too_few_images_are_counted():
    with pytest.raises(DataError, match="3 rows .* digit 4.*Received: 1 im"):
        images_for(
            np.array([4, 4, 4]), np.array([4, 5]), np.random.default_rng(0)
        )
