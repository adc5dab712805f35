"""Clips: which frames are taken, how they are turned, what is refused."""

import struct

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import BadValue, Image, Video
from mmfusion.errors import ArgumentError
from tests.media import clips
from tests.media.clips import clip_of, steady

# Its tests share the processes that decode.
pytestmark = pytest.mark.xdist_group("video")
FULL = (clips.HEIGHT, clips.WIDTH)
# Steps of unequal length: pauses, and bursts.
UNEVEN = [0, 0.04, 0.08, 0.5, 0.52, 1.3, 1.31, 1.32, 1.33, 2.0, 2.9, 3.0]


def numbers(clip, **arguments):
    read = Video(size=FULL, **arguments).read(clip)
    assert read.dtype == "uint8" and read.shape[1:] == (*FULL, 3)
    return [clips.number(pixels) for pixels in read]


@pytest.mark.parametrize(
    "form, codec",
    [
        ("mp4", "mpeg4"),
        ("mov", "libx264"),  # Frames are stored out of their order.
        ("matroska", "libx264"),
        ("avi", "mpeg4"),
        ("mpegts", "libx264"),  # Begins at another time than zero.
    ],
)
def test_frames_are_those_in_the_middle_of_equal_parts(form, codec):
    times = np.arange(25) / 10
    clip = clip_of(times, form, codec, rate=10)
    expected = clips.looks(times, 2.5, 6)
    assert numbers(clip, frames=6) == expected == [2, 6, 10, 14, 18, 22]


@pytest.mark.parametrize("codec", ["mpeg4", "libx264"])
@pytest.mark.parametrize("frames", [3, 7, 12])
def test_fault_39_a_varying_rate_is_sampled_by_time(codec, frames):
    clip = clip_of(UNEVEN, codec=codec)
    expected = clips.looks(UNEVEN, clips.end_of(clip), frames)
    assert numbers(clip, frames=frames) == expected
    by_number = [(2 * k + 1) * len(UNEVEN) // (2 * frames) for k in range(12)]
    assert expected != by_number[:frames]


def test_the_first_seconds_of_a_clip():
    expected = clips.looks(UNEVEN, 3.0, 4, window=2)
    assert numbers(clip_of(UNEVEN), frames=4, seconds=2) == expected
    # Two of four seconds are there, and so two of four steps.
    assert numbers(steady(), frames=4, seconds=4) == [5, 15]
    assert numbers(steady(), frames=1, seconds=100) == [0]


def test_fault_38_each_of_few_frames_is_a_step():
    clip = clip_of([0, 0.1, 1.5])
    assert numbers(clip, frames=5) == [0, 1, 2]
    video = Video(size=FULL, frames=5)
    array = video.read(clip)
    tensor = video.transform(array).numpy()
    assert tensor.shape == (5, *FULL, 3) and not tensor[3:].any()
    assert video.mask(array).numpy().tolist() == [True] * 3 + [False] * 2


QUARTERS = {
    "0": ((1, 0, 0, 1), 0),
    "90": ((0, 1, -1, 0), 3),  # Clockwise; NumPy turns against it.
    "180": ((-1, 0, 0, -1), 2),
    "270": ((0, -1, 1, 0), 1),
}


@pytest.mark.parametrize("turn", QUARTERS)
@pytest.mark.parametrize("mirrored", [False, True])
def test_fault_39_a_display_matrix_is_applied_once(turn, mirrored):
    (a, b, c, d), quarters = QUARTERS[turn]
    plain = Video(size=FULL, frames=1).read(steady())[0]
    expected = np.rot90(plain, quarters)
    if mirrored:
        a, c, expected = -a, -c, expected[:, ::-1]
    clip = clips.with_matrix(steady(), a, b, c, d)
    size = expected.shape[:2]
    turned = Video(size=size, frames=1).read(clip)
    np.testing.assert_array_equal(turned[0], expected)


def test_frames_are_resized_as_pictures_are():
    full = Video(size=FULL, frames=3).read(steady())
    for size in ((17, 30), (96, 100)):
        small = Video(size=size, frames=3).read(steady())
        expected = [Image(size=size).transform(x).numpy() for x in full]
        np.testing.assert_allclose(small, expected, atol=1)


def test_paths_bytes_and_pictures_are_alike(tmp_path):
    (tmp_path / "a.mp4").write_bytes(steady())
    video = Video(size=(24, 32), frames=4)
    read = video.read(steady())
    np.testing.assert_array_equal(video.read(tmp_path / "a.mp4"), read)
    np.testing.assert_array_equal(video.read(read), read)
    every = Video(size=FULL, frames=20).read(steady())
    # Pictures in memory are shown equally long.
    np.testing.assert_array_equal(video.read(every), read)


def test_lists_of_unequal_lengths_are_a_bad_value():
    with pytest.raises(BadValue, match="lists of unequal lengths; pad them"):
        Video("clip").read([[1], [1, 2]])


def test_pictures_that_are_none_are_refused():
    video = Video(size=(4, 4), frames=2)
    for array, message in (
        (np.zeros((4, 4, 3), "uint8"), r"shape \(4, 4, 3\); put the steps"),
        (np.zeros((0, 4, 4, 3), "uint8"), r"shape \(0, 4, 4, 3\)"),
        (np.zeros((2, 4, 4, 3)), "received float64; scale them"),
    ):
        with pytest.raises(BadValue, match=message):
            video.read(array)


def refused(value, message, reason="cannot be decoded", **arguments):
    with pytest.raises(BadValue, match=message) as caught:
        Video(**{"size": (8, 8), "frames": 4, **arguments}).read(value)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "form, codec", [("mp4", "libx264"), ("matroska", "mpeg4"), ("avi", "mpeg4")]
)
def test_fault_36_a_truncated_clip_is_refused(form, codec, tmp_path):
    # The index comes first: what is there could be shown.
    early = {"movflags": "faststart"} if form == "mp4" else {}
    clip = clip_of(np.arange(20) / 10, form, codec, options=early)
    for cut in (len(clip) // 2, len(clip) - 1):
        refused(clip[:cut], "that is truncated or damaged; replace")
    path = tmp_path / "cut.mp4"
    path.write_bytes(clip[:cut])
    refused(path, "cut.mp4' holds .* that is truncated or damaged")


def test_a_stream_may_begin_in_the_middle():
    clip = clip_of(np.arange(30) / 10, "mpegts", "libx264", gop=10)
    middle = clip[len(clip) // 188 // 2 * 188 :]
    seen = numbers(middle, frames=4)
    # What came before a frame that stands by itself cannot be shown.
    assert len(seen) == 4 and seen == sorted(seen)
    assert seen[0] == 20 and seen[-1] >= 26


@pytest.mark.parametrize(
    "value, message",
    [
        (b"<html></html>", "holds HTML, not a clip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "holds PNG, not a clip"),
        (bytes(5000), "holds unknown data, not a clip"),
        (b"\0\0\0\x20ftypisom" + bytes(90), "MP4 that is truncated"),
    ],
    ids=["html", "png", "zeros", "head"],
)
def test_fault_36_garbage_is_named(value, message):
    refused(value, message)


def test_fault_36_an_empty_file_is_said_so(tmp_path):
    (tmp_path / "a.mp4").touch()
    refused(tmp_path / "a.mp4", "a.mp4' holds zero bytes")
    refused(b"", "has no clip", reason="missing")
    refused(tmp_path / "b.mp4", "does not exist", reason="file not found")


def test_fault_36_damage_is_not_painted_over():
    clip, random = clip_of(np.arange(40) / 10), np.random.default_rng(0)
    # Frames that are taken are whole, and made from those that are not.
    start = clip.index(b"mdat") + 60
    end = start + (clip.index(b"moov") - start) // 2
    for _ in range(6):
        damaged = bytearray(clip)
        damaged[random.integers(start, end)] ^= 0xFF
        damaged[random.integers(start, end)] ^= 0xFF
        refused(bytes(damaged), "truncated or damaged", frames=2)


def test_fault_37_no_video_stream_is_said_so():
    tone = np.sin(np.arange(8000) / 5)[None]
    refused(
        clips.sound_of((tone, 8000, "aac")),
        "has no video stream, only audio; give a clip",
        reason="no video stream",
    )


def test_fault_37_an_unknown_codec_is_said_so():
    clip = clip_of([0, 0.1], codec="libx264").replace(b"avc1", b"zzzz")
    refused(clip, "codec that is not known", reason="unsupported format")


def test_lists_of_other_files_are_not_followed(tmp_path):
    (tmp_path / "a.mp4").write_bytes(steady())
    (tmp_path / "a.txt").write_text("ffconcat version 1.0\nfile a.mp4\n")
    (tmp_path / "b.mp4").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.mp4\n#EXT-X-ENDLIST\n"
    )
    for name in ("a.txt", "b.mp4"):
        refused(tmp_path / name, "holds text, not a clip")


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"max_pixels": 3000}, r"48 x 64 pixels, more than `max_pixels=3000`"),
        ({"max_seconds": 1.5}, r"lasts 1.933.* seconds, more than"),
        ({"max_frames": 19}, "more frames than `max_frames=19`"),
        ({"max_bytes": 999}, "more than `max_bytes=999`"),
    ],
    ids=lambda x: f"fault-40-{next(iter(x))}" if isinstance(x, dict) else "",
)
def test_fault_40_a_cap_is_kept(arguments, message, tmp_path):
    (tmp_path / "a.mp4").write_bytes(steady())
    for value in (steady(), tmp_path / "a.mp4"):
        refused(value, message, "too large", **arguments)


def test_fault_18_a_header_that_lies_about_the_length_is_not_believed():
    clip = clip_of(np.arange(20) / 10, "matroska")
    place = clip.index(b"\x44\x89\x88") + 3  # Its length in milliseconds.
    assert struct.unpack(">d", clip[place : place + 8])[0] > 1900
    lie = clip[:place] + struct.pack(">d", 100) + clip[place + 8 :]
    refused(lie, "lasts .* more than", "too large", max_seconds=1.5)
    assert numbers(lie, frames=4) == numbers(clip, frames=4)


def test_fault_18_pictures_that_grow_are_refused_as_they_are_decoded():
    def large(place):
        return np.tile(clips.frame(place), (4, 4, 1))

    start = clip_of(np.arange(20) / 10, "mpegts", "libx264")
    growing = start + clip_of([3, 3.1], "mpegts", "libx264", frames=large)
    assert len(Video(frames=16, size=(8, 8)).read(growing)) == 16
    refused(growing, "truncated or damaged", max_pixels=5000, frames=40)


def test_arguments_are_checked():
    for arguments, message in (
        ({"size": 5}, "`size`"),
        ({"frames": 0}, "`frames`"),
        ({"seconds": 0}, "`seconds`"),
        ({"seconds": 700}, "`seconds`"),
        ({"timeout": 0}, "`timeout`"),
        ({"column": 3}, "`column`"),
    ):
        with pytest.raises(ArgumentError, match=message):
            Video(**arguments)


def test_a_served_request_holds_its_frames():
    video = Video(size=(4, 4), frames=3)
    assert video.raw_name("clip") == "clip"
    raw = video.raw(np.full((2, 4, 4, 3), 9, "uint8"))
    assert raw.shape == (2, 4, 4, 3) and video.raw(None) is None
    assert video.encode(raw).shape == (3, 4, 4, 3)
    assert video.raw_spec == tf.TensorSpec((3, 4, 4, 3), tf.uint8)
