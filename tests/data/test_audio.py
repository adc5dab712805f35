"""Sounds: formats, rates, lengths and what is refused."""

import io
import struct

import numpy as np
import pytest
import soundfile
import tensorflow as tf

from mmfusion.data import Audio, BadValue
from mmfusion.errors import ArgumentError
from tests.data.cases import noise, wav_of


@pytest.fixture(scope="module")
def audio():
    return Audio(kind="waveform", sample_rate=8000, seconds=0.1)


def _file(waveform, form, kind=None, rate=8000):
    file = io.BytesIO()
    soundfile.write(file, waveform, rate, format=form, subtype=kind)
    return file.getvalue()


def _tone(hertz, rate, seconds=1.0):
    time = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * time)).astype("float32")


STEREO = np.stack([noise(800), noise(800, 1)], axis=1)
FORMATS = [
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "PCM_32"),
    ("WAV", "PCM_U8"),
    ("WAV", "FLOAT"),
    ("WAV", "ULAW"),
    ("WAVEX", "PCM_16"),
    ("RF64", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("MP3", "MPEG_LAYER_III"),
    ("AIFF", "PCM_16"),
]


# How far a sample may be from its source; what is lossy has tones below.
STEPS = {"PCM_U8": 1 / 128, "ULAW": 1 / 32, "VORBIS": 2, "MPEG_LAYER_III": 2}


@pytest.mark.parametrize(
    "form, kind", FORMATS, ids=[f"fault-28-{'-'.join(f)}" for f in FORMATS]
)
def test_every_format_gives_the_mean_of_the_channels(audio, form, kind):
    data = _file(STEREO, form, kind)
    expected = soundfile.read(io.BytesIO(data), dtype="float32")[0].mean(1)
    read = audio.read(data)
    np.testing.assert_allclose(read, expected, atol=1e-6)
    step = STEPS.get(kind, 1 / 32768)
    np.testing.assert_allclose(read[:800], STEREO.mean(axis=1), atol=step)
    status = audio.check(tf.constant(data))
    covered = (form, kind) == ("WAV", "PCM_16")
    assert status == ("" if covered else "unsupported format")


@pytest.mark.parametrize(
    "form, kind", [("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")]
)
def test_fault_28_what_is_lossy_gives_back_a_tone(audio, form, kind):
    tone = _tone(440, 8000)
    read = audio.read(_file(tone, form, kind))[:8000]
    middle = slice(1000, 7000)
    assert np.corrcoef(read[middle], tone[middle])[0, 1] > 0.99


@pytest.mark.parametrize(
    "form, kind", [f for f in FORMATS if f[0] not in ("OGG", "MP3")]
)
def test_fault_30_a_truncated_file_is_refused(audio, form, kind):
    data = _file(STEREO, form, kind)
    for cut in (len(data) // 2, len(data) - 1):
        with pytest.raises(BadValue, match="truncated or damaged"):
            audio.read(data[:cut])


def test_fault_30_half_an_mp3_file_is_refused(audio):
    data = _file(_tone(300, 8000, 5.0), "MP3", "MPEG_LAYER_III")
    with pytest.raises(BadValue, match="MP3 that is truncated"):
        audio.read(data[: len(data) // 2])


def test_fault_30_an_ogg_file_without_its_last_page_is_refused(audio):
    data = _file(_tone(300, 8000, 20.0), "OGG", "VORBIS")
    with pytest.raises(BadValue, match="Ogg that is truncated"):
        audio.read(data[: data.rfind(b"OggS")])


def test_fault_29_mp3_in_a_wav_file_is_read_as_mp3(audio, tmp_path):
    path = tmp_path / "sound.wav"
    path.write_bytes(_file(_tone(300, 8000), "MP3", "MPEG_LAYER_III"))
    assert len(audio.read(path)) == 8000


def test_something_else_is_named(audio):
    for data, found in ((b"<html>", "HTML"), (b"%PDF-1.7", "PDF")):
        with pytest.raises(BadValue, match=f"holds {found}, not a sound"):
            audio.read(data)


@pytest.mark.parametrize("form", ["WAV", "FLAC"])
def test_fault_32_another_rate_is_an_error_unless_resampling_is_asked_for(
    audio, form
):
    data = _file(_tone(440, 44100), form, "PCM_16", rate=44100)
    with pytest.raises(BadValue, match="44100.*not 8000.*`resample=True`") as e:
        audio.read(data)
    assert e.value.reason == "unsupported sample rate"
    waveform = Audio(sample_rate=8000, resample=True).read(data)
    assert waveform.dtype == "float32" and len(waveform) == 8000
    middle = slice(1000, 7000)  # The filter rings at the ends.
    np.testing.assert_allclose(
        waveform[middle], _tone(440, 8000)[middle], atol=2e-3
    )


def test_fault_31_no_samples_are_refused(audio):
    for kind in ("PCM_16", "PCM_24"):
        with pytest.raises(BadValue, match="no samples") as caught:
            audio.read(_file(np.zeros(0), "WAV", kind))
        assert caught.value.reason == "no samples"


def test_fault_34_nan_is_refused(audio):
    for bad in (np.nan, np.inf):
        waveform = np.array([0.0, bad, 0.0], "float32")
        for value in (_file(waveform, "WAV", "FLOAT"), waveform):
            with pytest.raises(BadValue, match="NaN or infinite") as caught:
                audio.read(value)
            assert caught.value.reason == "not a number"


def test_fault_34_floats_whose_power_overflows_are_refused():
    audio = Audio(sample_rate=8000, seconds=0.1, num_mels=8)
    unscaled = np.full(800, 2.0**31, "float32")
    assert np.isfinite(audio.transform(audio.read(unscaled))).all()
    for loud in (1e20, 3e38):
        waveform = np.array([0.0, loud, 0.0], "float32")
        for value in (_file(waveform, "WAV", "FLOAT"), waveform):
            with pytest.raises(BadValue, match="where 1 is full scale") as one:
                audio.read(value)
            assert one.value.reason == "too large"


@pytest.mark.parametrize("form", ["WAV", "FLAC"])
def test_fault_35_hours_are_refused_by_the_header(form):
    short = Audio(sample_rate=8000, seconds=1.0, max_seconds=2)
    data = _file(_tone(300, 8000, 2.1), form, "PCM_16")
    with pytest.raises(BadValue, match="longer than `max_seconds=2`") as caught:
        short.read(data)
    assert caught.value.reason == "too large"
    short.read(_file(_tone(300, 8000, 2.0), form, "PCM_16"))


def test_fault_35_a_lie_about_the_length_is_refused(audio):
    data = bytearray(wav_of(noise()))
    data[40:44] = struct.pack("<I", 2**32 - 1)
    assert audio.check(tf.constant(bytes(data))) == "cannot be decoded"
    with pytest.raises(BadValue, match="truncated"):
        audio.read(bytes(data))


def test_it_is_cut_or_padded_at_the_end(audio):
    long, short = noise(900), noise(100)
    np.testing.assert_array_equal(audio.transform(long), long[:800])
    padded = audio.transform(short).numpy()
    np.testing.assert_array_equal(padded[:100], short)
    assert padded.shape == (800,) and not padded[100:].any()


def test_fault_31_silence_stays_finite():
    audio = Audio(sample_rate=8000)
    mels = audio.transform(audio.read(wav_of(np.zeros(10)))).numpy()
    np.testing.assert_allclose(mels, np.log(1e-6), atol=1e-5)


def test_arrays_are_waveforms(audio):
    integers = np.array([-32768, 0, 16384], "int16")
    np.testing.assert_array_equal(audio.read(integers), [-1.0, 0.0, 0.5])
    np.testing.assert_array_equal(audio.read(noise()), noise())
    for array, message in (
        (STEREO, r"shape \(800, 2\); give one channel"),
        (np.zeros(0), r"shape \(0,\)"),
        (np.array([1, 2]), "received int64"),
        (np.array([1e300]), "infinite"),
    ):
        with pytest.raises(BadValue, match=message):
            audio.read(array)


def test_encode_clips_what_16_bits_cannot_hold(audio):
    encoded = audio.encode(np.array([2.0, -2.0], "float32"))
    np.testing.assert_allclose(
        audio.read(encoded), [32767 / 32768, -1.0], atol=0
    )


def test_arguments_are_checked():
    for arguments, message in (
        ({"kind": "mfcc"}, "`kind`"),
        ({"sample_rate": 0}, "`sample_rate`"),
        ({"seconds": 0.01}, "hold one frame"),
        ({"seconds": 0, "kind": "waveform"}, "`seconds`"),
        ({"seconds": 1000}, "`seconds`"),
        ({"hop_ms": 0}, "`hop_ms`"),
        ({"resample": "yes"}, "`resample`"),
    ):
        with pytest.raises(ArgumentError, match=message):
            Audio(**arguments)


@pytest.mark.parametrize("name", ["sample_rate", "num_mels"])
@pytest.mark.parametrize("value", [0, 2**31, 10**400, True])
def test_what_no_memory_holds_is_no_argument(name, value):
    with pytest.raises(ArgumentError, match=f"`{name}` to be a whole number"):
        Audio(**{name: value})


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_a_sound_file_has_one_track(tmp_path, kind):
    path = tmp_path / f"s.{kind}"
    soundfile.write(path, np.full(160, 0.5), 16000, subtype="PCM_16")
    assert len(Audio().read(path)) == 160
    with pytest.raises(BadValue, match="has 1 sound track, and no `track=1`"):
        Audio(track=1).read(path)
    status = Audio(track=1).check(tf.constant(path.read_bytes())).numpy()
    assert status == (b"unsupported format")
