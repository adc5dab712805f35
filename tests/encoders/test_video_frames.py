"""video_frames: which frames there are, and in which order."""

import keras
import numpy as np
import pytest

from mmfusion.encoders import image_cnn, video_frames

FRAME = {"name": "image_cnn", "units": 5, "hidden": (3,)}
WAYS = ("mean", "attention", "gru", "transformer")


def _clips(frames, seed=0):
    random = np.random.default_rng(seed)
    return random.uniform(0, 255, (2, frames, 6, 4, 3)).astype("float32")


def _encoder(frames, over_time, **options):
    return video_frames(
        (frames, 6, 4, 3),
        FRAME,
        units=6,
        over_time=over_time,
        num_heads=2,
        **options,
    )


@pytest.mark.parametrize(
    ("over_time", "matters"),
    list(zip(WAYS, (False, False, True, True), strict=True)),
)
def test_order_matters_to_what_knows_it(over_time, matters):
    keras.utils.set_random_seed(1)
    encoder = _encoder(4, over_time)
    x = _clips(4)
    given, back = np.asarray(encoder(x)), np.asarray(encoder(x[:, ::-1]))
    assert np.allclose(given, back, atol=1e-5) != matters


@pytest.mark.parametrize("over_time", WAYS[:3])
@pytest.mark.parametrize("missing", [1, 4], ids=["within", "behind"])
def test_a_clip_with_a_missing_frame_is_the_clip_without_it(over_time, missing):
    keras.utils.set_random_seed(1)
    long = _encoder(5, over_time, masked=True)
    short = _encoder(4, over_time)
    short.set_weights(long.get_weights())
    x = _clips(5)
    x[:, missing] = np.nan
    mask = np.tile(np.arange(5) != missing, (2, 1))
    np.testing.assert_allclose(
        np.asarray(long({"video": x, "mask": mask})),
        np.asarray(short(np.delete(x, missing, axis=1))),
        atol=1e-5,
    )


def test_the_mean_is_that_of_the_frames_alone():
    frame = image_cnn((6, 4, 3), units=5, hidden=(3,), normalization=None)
    encoder = video_frames((4, 6, 4, 3), frame, units=6)
    x = _clips(4)
    each = np.stack([np.asarray(frame(x[:, i])) for i in range(4)], axis=1)
    kernel, bias = encoder.layers[-1].get_weights()
    np.testing.assert_allclose(
        np.asarray(encoder(x)),
        np.maximum(each.mean(axis=1) @ kernel + bias, 0),
        atol=1e-5,
    )


def test_unrolled_is_the_same_function():
    rolled = _encoder(3, "gru", masked=True)
    unrolled = _encoder(3, "gru", masked=True, unroll=True)
    unrolled.set_weights(rolled.get_weights())
    x = {"video": _clips(3), "mask": np.array([[True, False, True]] * 2)}
    np.testing.assert_allclose(
        np.asarray(rolled(x)), np.asarray(unrolled(x)), atol=1e-6
    )


def test_rows_do_not_couple_unless_asked_to():
    x = _clips(3)
    batch = {**FRAME, "normalization": "batch"}
    for frame, couples in ((None, False), (FRAME, False), (batch, True)):
        encoder = video_frames((3, 6, 4, 3), frame, units=6)
        pair = np.asarray(encoder(x, training=True))[0]
        single = np.asarray(encoder(x[:1], training=True))[0]
        assert (not np.allclose(pair, single, atol=1e-5)) == couples, frame


def test_pool_replaces_what_over_time_says():
    gru = _encoder(3, "gru")
    highest = _encoder(3, "gru", pool="max")
    highest.set_weights(gru.get_weights())
    x = _clips(3)
    assert not np.allclose(np.asarray(gru(x)), np.asarray(highest(x)))
    # Of a sequence each step has an embedding, by the same weights.
    steps = _encoder(3, "gru", pool=None)
    steps.set_weights(gru.get_weights())
    answer = steps(x)
    np.testing.assert_allclose(
        np.asarray(answer["sequence"])[:, -1], np.asarray(gru(x)), atol=1e-6
    )
    assert np.asarray(answer["mask"]).all()


@pytest.mark.parametrize(
    ("encoder", "message"),
    [
        ({"name": "image_cn"}, "Did you mean 'image_cnn'"),
        ({"name": "image_cnn", "unit": 3}, "Did you mean 'units'"),
        ({"units": 3}, "needs the key 'name'"),
        ({"name": "image_cnn", "shape": (8, 8, 3)}, r"of \(6, 4, 3\).*\(8, 8"),
        ({"name": "text_bag", "vocabulary_size": 3}, r"of \(6, 4, 3\).*\(3,\)"),
        ("image_cnn", "settings such as"),
    ],
)
def test_an_encoder_that_does_not_fit_is_refused(encoder, message):
    with pytest.raises(ValueError, match=message):
        video_frames((2, 6, 4, 3), encoder)


def test_a_model_that_gives_no_embedding_is_refused():
    x = keras.Input((6, 4, 3))
    flat = keras.Model(x, keras.layers.Conv2D(2, 3)(x))
    with pytest.raises(ValueError, match="one embedding.*Choose its `pool`"):
        video_frames((2, 6, 4, 3), flat)
    both = keras.Model([x, keras.Input((2,), name="more")], x)
    with pytest.raises(ValueError, match="of one input.*more"):
        video_frames((2, 6, 4, 3), both)


def test_unknown_choices_are_named():
    with pytest.raises(ValueError, match="over_time.*'gru', 'transformer'"):
        _encoder(2, "lstm")
    with pytest.raises(ValueError, match="pool.*'auto', 'mean'"):
        _encoder(2, "gru", pool="sum")
