"""Sound tracks of clips, against the waveforms that went into them."""

import functools

import numpy as np
import pytest
import soxr
import tensorflow as tf

from mmfusion.data import Audio, BadValue, Video
from tests.media import clips

# Its tests share the processes that decode.
pytestmark = pytest.mark.xdist_group("video")
RATE = 16000
TIMES = np.arange(10) / 10


@functools.cache
def waveform(rate=RATE, seconds=1.0):
    """A sweep that no shift of itself resembles, float32 `(1, samples)`."""
    time = np.arange(round(rate * seconds)) / rate
    return (0.4 * np.sin(2 * np.pi * (200 + 300 * time) * time))[None].astype(
        "float32"
    )


def shift(read, expected):
    """By how many samples a waveform is late, and the correlation there."""
    start, inner = 2000, expected[2000:10000]
    late = np.correlate(read, inner, "valid").argmax() - start
    there = read[start + late : start + late + len(inner)]
    return late, np.corrcoef(there, inner)[0, 1]


@functools.cache  # Each makes a graph.
def audio(**arguments):
    return Audio(kind="waveform", sample_rate=RATE, seconds=1.0, **arguments)


@pytest.mark.parametrize(
    "form, codec, rate, late",
    [
        ("mp4", "aac", RATE, 0),
        ("mov", "aac", RATE, 0),
        ("matroska", "aac", RATE, 0),
        ("webm", "libopus", 48000, 0),
        ("mpegts", "aac", RATE, 1024),  # What goes first is not told.
    ],
)
def test_a_sound_track_begins_where_its_source_does(form, codec, rate, late):
    video = "libvpx-vp9" if form == "webm" else "mpeg4"
    sound = (waveform(rate), rate, codec)
    clip = clips.clip_of(TIMES, form, video, sound=sound)
    read = audio(resample=True).read(clip)
    assert read.dtype == "float32" and read.ndim == 1
    found, correlation = shift(read, waveform()[0])
    assert found == late and correlation > 0.99
    if form in ("mp4", "mov"):  # They say where the silence begins, too.
        assert len(read) == RATE


def test_pcm_comes_back_bit_by_bit():
    sound = (waveform(), RATE, "pcm_s16le")
    clip = clips.clip_of(TIMES, "mov", sound=sound)
    expected = np.round(waveform()[0] * 32768) / 32768
    np.testing.assert_allclose(audio().read(clip), expected, atol=1 / 32768)


def test_fault_32_another_rate_is_resampled_only_if_asked_for():
    sound = (waveform(22050), 22050, "pcm_s16le")
    clip = clips.clip_of(TIMES, "mov", sound=sound)
    with pytest.raises(BadValue, match="22050.*not 16000.*`resample") as caught:
        audio().read(clip)
    assert caught.value.reason == "unsupported sample rate"
    plain = np.round(waveform(22050)[0] * 32768) / 32768
    np.testing.assert_allclose(
        audio(resample=True).read(clip),
        soxr.resample(plain.astype("float32"), 22050, RATE),
        atol=1e-4,
    )


def test_fault_33_channels_are_averaged():
    both = np.concatenate([waveform(), 0.2 * waveform()[:, ::-1]])
    for codec, tolerance in (("pcm_s16le", 1e-4), ("pcm_f32le", 1e-6)):
        clip = clips.clip_of(TIMES, "mov", sound=(both, RATE, codec))
        np.testing.assert_allclose(
            audio().read(clip), both.mean(axis=0), atol=tolerance
        )


def test_one_of_several_tracks():
    tracks = [(waveform(), RATE, "pcm_s16le"), (-waveform(), RATE, "pcm_s16le")]
    clip = clips.clip_of(TIMES, "mov", sound=tracks)
    first, second = (audio(track=track).read(clip) for track in (0, 1))
    np.testing.assert_allclose(first, -second, atol=1e-4)
    with pytest.raises(BadValue, match=r"has 2 sound tracks, and no `track=2`"):
        audio(track=2).read(clip)


def test_no_sound_track_is_said_so():
    with pytest.raises(BadValue, match="has no sound track; give") as caught:
        audio().read(clips.steady())
    assert caught.value.reason == "no sound"


@pytest.mark.parametrize(
    "form, kind", [("mp4", "MP4"), ("matroska", "Matroska"), ("avi", "AVI")]
)
def test_fault_30_half_a_clip_has_no_half_a_sound(form, kind):
    sound = (waveform(), RATE, "pcm_s16le" if form == "avi" else "aac")
    clip = clips.clip_of(TIMES, form, sound=sound)
    with pytest.raises(BadValue, match=f"{kind} that is truncated"):
        audio().read(clip[: len(clip) // 2])


def test_fault_35_a_track_of_hours_is_refused():
    clip = clips.clip_of(TIMES, sound=(waveform(), RATE, "aac"))
    short = Audio(sample_rate=RATE, seconds=0.5, max_seconds=0.9)
    with pytest.raises(BadValue, match="lasts 1 seconds, more than") as caught:
        short.read(clip)
    assert caught.value.reason == "too large"


def test_a_served_graph_does_not_cover_it():
    clip = clips.clip_of(TIMES, sound=(waveform(), RATE, "aac"))
    assert audio().check(tf.constant(clip)) == "unsupported format"


def test_one_file_feeds_a_clip_and_a_sound(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(clips.clip_of(TIMES, sound=(waveform(), RATE, "aac")))
    assert Video(size=(8, 8), frames=4).read(path).shape == (4, 8, 8, 3)
    assert len(audio().read(path)) == RATE
    path.write_bytes(clips.steady())
    with pytest.raises(BadValue, match=r"a.mp4' has no sound track"):
        audio().read(path)


def test_mp4_with_a_sound_only_is_a_sound():
    read = audio().read(clips.sound_of((waveform(), RATE, "aac")))
    assert shift(read, waveform()[0])[0] == 0
