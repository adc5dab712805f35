"""Sounds: files of any common format, or waveforms."""

import io
import wave

import numpy as np
import soundfile
import soxr
import tensorflow as tf

from mmfusion import checks, optional, schema
from mmfusion.data import wav
from mmfusion.data.decoded import decoded
from mmfusion.data.file_modality import FileModality
from mmfusion.data.log_mel import log_mel, num_frames
from mmfusion.data.modality import BadValue
from mmfusion.data.modality_checks import column_of
from mmfusion.data.sniff import CONTAINERS, sniff
from mmfusion.data.waveform import check_samples, waveform_of
from mmfusion.data.whole_sound import is_whole_sound
from mmfusion.errors import ArgumentError
from mmfusion.registry import register


@register("modality", "audio")
class Audio(FileModality):
    """A sound of fixed length, as a log-mel spectrogram or a waveform.

    The canonical array is the float32 waveform `(samples,)`, -1..1, the mean
    of the channels, as long as the file. `decode` covers WAV of 16-bit PCM at
    `sample_rate`; `read` takes through soundfile what else it knows (WAV of
    other kinds, FLAC, Ogg, MP3, AIFF), and through PyAV (the extra `video`)
    the sound track of a clip, so that one column feeds a `Video` and an
    `Audio`. What an encoder put before the first sample is taken away as far
    as the container says so: MP4, QuickTime, Matroska and WebM do; a track of
    an MPEG stream or of AVI begins about one frame of its codec late.
    `transform` cuts or pads with zeros at the end, to `seconds`.

    Args:
        column: str. Column of a table that holds the paths.
        kind: `"log_mel"` or `"waveform"`.
        sample_rate: int, in Hz. A file of another rate is an error unless
            `resample` is True.
        seconds: number. Length of the model's input.
        num_mels: int. Bands of the log-mel spectrogram.
        window_ms, hop_ms: numbers. Length and distance of frames, in ms.
        optional: bool. Whether a row may come without it. Defaults to False.
        resample: bool. Whether `read` brings other rates to `sample_rate`;
            a served graph never does. Defaults to False.
        max_seconds, max_bytes: numbers. What is longer or larger is refused.
        track: int. Which sound track of a clip, from 0.
        timeout: number. Seconds to decode the sound track of a clip in.

    Raises:
        ArgumentError: If an argument does not fit, or `seconds` hold no frame.
        BadValue: By `read`, if a file is no sound that can be used.

    Example:

    >>> audio = Audio(sample_rate=8000, seconds=0.5, num_mels=32)
    >>> audio.shape, audio.transform(np.zeros(100, "float32")).shape
    ((48, 32), TensorShape([48, 32]))
    """

    kind_of_file = "a sound"
    formats = ("WAV", "FLAC", "Ogg", "MP3", "AIFF", "RIFF", *CONTAINERS)

    def __init__(
        self,
        column=None,
        kind="log_mel",
        sample_rate=16000,
        seconds=1.0,
        num_mels=64,
        window_ms=25,
        hop_ms=10,
        optional=False,
        resample=False,
        max_seconds=600,
        max_bytes=128_000_000,
        track=0,
        timeout=60,
    ):
        checks.check_choice("Audio", "kind", kind, ("log_mel", "waveform"))
        checks.check_whole("Audio", "sample_rate", sample_rate, 1, 1_000_000)
        checks.check_whole("Audio", "num_mels", num_mels, 1, 4096)
        checks.check_positive("Audio", max_bytes=max_bytes)
        checks.check_range("Audio", "max_seconds", max_seconds, 0, 86_400)
        checks.check_range("Audio", "seconds", seconds, 0, max_seconds)
        checks.check_choice("Audio", "resample", resample, (True, False))
        checks.check_range("Audio", "track", track, 0, 1000)
        checks.check_range("Audio", "timeout", timeout, 0.001, 86_400)
        super().__init__(column_of("Audio", column), optional, max_bytes)
        self.kind = kind
        self.sample_rate = sample_rate
        self.seconds = seconds
        self.num_mels = num_mels
        self.window_ms = window_ms
        self.hop_ms = hop_ms
        self.resample = resample
        self.max_seconds = max_seconds
        self.track = track
        self.timeout = timeout
        self.samples = round(seconds * sample_rate)
        self._log_mel = log_mel(sample_rate, num_mels, window_ms, hop_ms)
        if not self.samples or not all(self.shape):
            raise ArgumentError(
                "`Audio` expects `seconds` to hold one frame at least. "
                f"Received: seconds={seconds!r} with window_ms={window_ms!r}."
            )

    @property
    def content(self):
        return self.kind

    @property
    def shape(self):
        if self.kind == "waveform":
            return (self.samples,)
        frames = num_frames(
            self.samples, self.sample_rate, self.window_ms, self.hop_ms
        )
        return (frames, self.num_mels)

    def arguments(self):
        return {
            "column": self.columns[0] if self.columns else None,
            "kind": self.kind,
            "sample_rate": self.sample_rate,
            "seconds": self.seconds,
            "num_mels": self.num_mels,
            "window_ms": self.window_ms,
            "hop_ms": self.hop_ms,
            "optional": self.optional,
            "resample": self.resample,
            "max_seconds": self.max_seconds,
            "max_bytes": self.max_bytes,
            "track": self.track,
            "timeout": self.timeout,
        }

    def describe(self):
        encoder, arguments = {
            "log_mel": ("audio_cnn", {"shape": list(self.shape)}),
            "waveform": ("waveform_cnn", {"length": self.samples}),
        }[self.kind]
        return schema.InputSchema(
            self.shape, self.dtype, self.optional, encoder, arguments
        )

    def header(self, data):
        return wav.header(data)

    def check_header(self, header, where):
        channels, rate = header["channels"], header["sample_rate"]
        zero = (channels == 0) | (rate == 0)
        frames = header["length"] // where(zero, 1, 2 * channels)
        # As whole milliseconds: a rate may be any number.
        long = 1000 * frames > round(1000 * self.max_seconds) * rate
        pcm = (header["format"] == 1) & (header["bits"] == 16)
        pcm &= self.track == 0  # `_file` says that there is no other.
        # Written last, the first that applies decides.
        status = where(long, "too large", "")
        status = where(frames == 0, "no samples", status)
        other = rate != self.sample_rate
        status = where(other, "unsupported sample rate", status)
        status = where(pcm, status, "unsupported format")
        broken = where(header["whole"], zero, True)
        status = where(broken, "cannot be decoded", status)
        return where(header["is_wav"], status, "unsupported format")

    def decode_body(self, raw, header):
        return tf.ensure_shape(wav.samples(raw, header), (None,))

    def nothing(self):
        return tf.zeros((0,))

    def transform(self, array):
        waveform = tf.cast(tf.convert_to_tensor(array), "float32")
        waveform = waveform[: self.samples]
        lack = self.samples - tf.shape(waveform)[0]
        waveform = tf.pad(waveform, [[0, lack]])
        waveform = tf.ensure_shape(waveform, (self.samples,))
        if self.kind == "waveform":
            return waveform
        return tf.ensure_shape(self._log_mel(waveform), self.shape)

    def measure(self, array):
        peak = float(np.abs(array).max())
        return {"seconds": len(array) / self.sample_rate, "peak": peak}

    def encode(self, array):
        scaled = np.round(np.asarray(array, "float64") * 32768)
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(self.sample_rate)
            writer.writeframes(
                np.clip(scaled, -32768, 32767).astype("<i2").tobytes()
            )
        return file.getvalue()

    def explain(self, status, data):
        if status == "cannot be decoded":
            return self.broken(data)
        what, fix = {
            "no samples": ("holds no samples", "replace it"),
            "too large": (
                f"is longer than `max_seconds={self.max_seconds}`",
                "cut it, or raise `max_seconds`",
            ),
        }[status]
        return BadValue(what, fix, reason=status)

    def read_elsewhere(self, data):
        if sniff(data) in CONTAINERS:
            waveform, rate = self._track(data)
        else:
            waveform, rate = self._file(data)
        if not len(waveform):
            raise self.explain("no samples", data)
        check_samples(waveform)
        if rate != self.sample_rate:
            waveform = soxr.resample(waveform, rate, self.sample_rate)
        return waveform

    def _file(self, data):
        if not is_whole_sound(data):
            raise self.broken(data)
        if self.track:
            raise BadValue(
                f"has 1 sound track, and no `track={self.track}`, counted "
                "from 0",
                "choose another track",
            )
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            frames, rate = file.frames, file.samplerate
            if frames > self.max_seconds * rate:  # Nothing decoded yet.
                raise self.explain("too large", data)
            self._check_rate(rate)
            channels = file.read(dtype="float32", always_2d=True)
        if len(channels) < frames:  # soundfile says nothing of it.
            raise self.broken(data)
        return channels.mean(axis=1), rate

    def _track(self, data):
        optional.require("av", extra="video")
        about, waveform = decoded(
            "track",
            self.formats,
            self.kind_of_file,
            data=data,
            max_bytes=self.max_bytes,
            timeout=self.timeout,
            track=self.track,
            max_seconds=self.max_seconds,
        )
        self._check_rate(about["rate"])
        return waveform, about["rate"]

    def _check_rate(self, rate):
        if rate != self.sample_rate and not self.resample:
            raise BadValue(
                f"has {rate} samples a second, not {self.sample_rate}",
                "give the modality `resample=True`, or convert the file",
                reason="unsupported sample rate",
            )

    def read_array(self, array):
        return waveform_of(array)
