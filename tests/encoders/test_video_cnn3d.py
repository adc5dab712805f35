"""video_cnn3d: movement, missing frames, pooling over three axes."""

import keras
import numpy as np

from mmfusion.encoders import video_cnn3d
from mmfusion.encoders.video_cnn3d import _block

SIZE = (5, 6)


def _clips(frames):
    random = np.random.default_rng(0)
    return random.uniform(0, 255, (2, frames, *SIZE, 3)).astype("float32")


def test_missing_frames_behind_a_clip_are_as_none():
    short = video_cnn3d(
        (3, *SIZE, 3), units=6, hidden=(3, 4, 5), normalization=None
    )
    long = video_cnn3d(
        (8, *SIZE, 3),
        units=6,
        hidden=(3, 4, 5),
        normalization=None,
        masked=True,
    )
    # Biases would show in frames that are not there.
    short.set_weights([w + 0.1 for w in short.get_weights()])
    long.set_weights(short.get_weights())
    x = _clips(8)
    x[:, 3:] = np.nan
    mask = np.tile(np.arange(8) < 3, (2, 1))
    np.testing.assert_allclose(
        np.asarray(long({"video": x, "mask": mask})),
        np.asarray(short(x[:, :3])),
        atol=1e-5,
    )


def test_a_step_counts_if_one_of_its_frames_does():
    encoder = video_cnn3d(
        (5, *SIZE, 3), units=6, hidden=(3, 4), masked=True, pool=None
    )
    mask = np.array([[True] * 3 + [False] * 2, [False] * 4 + [True]])
    answer = encoder({"video": _clips(5), "mask": mask})
    assert np.asarray(answer["mask"]).tolist() == [
        [True, True, False],
        [False, False, True],
    ]


def test_movement_is_seen():
    keras.utils.set_random_seed(0)
    encoder = video_cnn3d((4, 6, 6, 1), units=8, hidden=(4, 4), pool="max")
    x = np.zeros((1, 4, 6, 6, 1), "float32")
    for frame in range(4):
        x[:, frame, :, frame + 1] = 255.0  # A bar that moves to the right.
    there, back = np.asarray(encoder(x)), np.asarray(encoder(x[:, ::-1]))
    assert not np.allclose(there, back, atol=1e-3)


def test_a_block_is_the_plain_one_of_keras():
    inputs = keras.Input((5, *SIZE, 3))
    block = keras.Model(inputs, _block(inputs, None, 4, None, 2)[0])
    plain = keras.Sequential(
        [
            keras.layers.Conv3D(4, 3, padding="same"),
            keras.layers.MaxPooling3D(2, padding="same"),
            keras.layers.ReLU(),
        ]
    )
    x = _clips(5) / 255
    plain(x)
    plain.set_weights(block.get_weights())
    np.testing.assert_allclose(
        np.asarray(block(x)), np.asarray(plain(x)), atol=1e-5
    )
