"""vector_sequence: which steps count, and in which order."""

import keras
import numpy as np
import pytest

from mmfusion.encoders import vector_sequence


def _encoder(over_time, **options):
    return vector_sequence(
        (4, 3), 6, (5,), over_time=over_time, num_heads=2, **options
    )


X = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")


@pytest.mark.parametrize(
    ("over_time", "matters"),
    [("mean", False), ("attention", False), ("gru", True)]
    + [("transformer", True)],
)
def test_order_matters_to_what_knows_it(over_time, matters):
    keras.utils.set_random_seed(2)
    encoder = _encoder(over_time)
    given, back = np.asarray(encoder(X)), np.asarray(encoder(X[:, ::-1]))
    assert np.allclose(given, back, atol=1e-6) != matters


def test_the_mean_is_that_of_the_steps_that_count():
    encoder = _encoder("mean", masked=True)
    mask = np.array([[True, False, True, False], [False] * 4])
    first, c, last, b = encoder.get_weights()
    h = np.maximum(X @ first + c, 0)
    mean = np.stack([h[0, [0, 2]].mean(axis=0), np.zeros(5)])
    np.testing.assert_allclose(
        np.asarray(encoder({"vectors": X, "mask": mask})),
        np.maximum(mean @ last + b, 0),
        atol=1e-5,
    )


@pytest.mark.parametrize("over_time", ["gru", "transformer"])
def test_steps_behind_the_end_change_nothing(over_time):
    encoder = _encoder(over_time, masked=True)
    mask = np.tile(np.arange(4) < 2, (2, 1))
    other = X.copy()
    other[:, 2:] = 1e30
    given = encoder({"vectors": X, "mask": mask})
    again = encoder({"vectors": other, "mask": mask})
    np.testing.assert_array_equal(np.asarray(given), np.asarray(again))
    all_steps = encoder({"vectors": X, "mask": np.ones_like(mask)})
    assert not np.allclose(np.asarray(given), np.asarray(all_steps))


def test_units_that_the_heads_do_not_divide_are_refused():
    with pytest.raises(ValueError, match="heads divide"):
        vector_sequence((4, 3), units=7, over_time="transformer")
