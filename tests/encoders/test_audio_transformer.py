"""audio_transformer: loudness is nothing, nor is what follows a sound."""

import keras
import numpy as np

from mmfusion.encoders import audio_transformer
from mmfusion.encoders.spectrogram import standardized


def _sounds(steps):
    random = np.random.default_rng(0)
    return random.uniform(-13, 3, (2, steps, 7)).astype("float32")


def _encoder(steps, **options):
    return audio_transformer(
        (steps, 7), 6, (4, 4), embedding=8, num_heads=2, **options
    )


def test_loudness_does_not_count():
    encoder = _encoder(8)
    louder = _sounds(8) + np.log(4.0).astype("float32")
    np.testing.assert_allclose(
        np.asarray(encoder(_sounds(8))), np.asarray(encoder(louder)), atol=1e-5
    )


def test_a_short_sound_is_the_same_however_many_steps_follow():
    short, long = _encoder(6), _encoder(13, masked=True)
    weights = long.get_weights()
    places = next(
        i
        for i, weight in enumerate(long.weights)
        if weight.path.endswith("positions")
    )
    weights[places] = weights[places][:4]  # 2 of time x 2 of frequency.
    short.set_weights(weights)
    x = _sounds(13)
    x[:, 6:] = np.nan
    mask = np.tile(np.arange(13) < 6, (2, 1))
    np.testing.assert_allclose(
        np.asarray(long({"audio": x, "mask": mask})),
        np.asarray(short(x[:, :6])),
        atol=1e-5,
    )


def test_a_patch_counts_if_one_of_its_steps_does():
    encoder = _encoder(9, masked=True, pool=None)
    mask = np.tile(np.arange(9) < 5, (2, 1))
    answer = encoder({"audio": _sounds(9), "mask": mask})
    assert answer["sequence"].shape == (2, 6, 6)
    # Patches go on in time after both of frequency.
    expected = [True, True, True, True, False, False]
    assert np.asarray(answer["mask"])[0].tolist() == expected


def test_order_in_time_matters():
    encoder = _encoder(8)
    x = _sounds(8)
    back = np.concatenate([x[:, 4:], x[:, :4]], axis=1)
    assert not np.allclose(
        np.asarray(encoder(x)), np.asarray(encoder(back)), atol=1e-4
    )


def test_steps_that_do_not_count_are_not_in_mean_and_variance():
    x, mask = keras.Input((4, 3)), keras.Input((4,), dtype="bool")
    layer = keras.Model([x, mask], standardized(x, mask))
    values = np.random.default_rng(1).normal(3, 2, (1, 4, 3)).astype("float32")
    values[:, 2:] = 0.0
    given = layer([values, np.array([[True, True, False, False]])])
    seen = values[0, :2]
    expected = (seen - seen.mean()) / np.sqrt(seen.var() + 1e-3)
    np.testing.assert_allclose(np.asarray(given)[0, :2], expected, atol=1e-5)
    np.testing.assert_array_equal(np.asarray(given)[0, 2:], np.zeros((2, 3)))
