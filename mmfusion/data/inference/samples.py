"""Opens a few files of a column, to see what they are."""

import collections
import io
import statistics

from mmfusion.data.modality import BadValue
from mmfusion.data.numpy_file import split_name
from mmfusion.data.paths import resolve
from mmfusion.data.sniff import sniff
from mmfusion.registry import get

_FILES = 50
# The largest picture side, and the longest sound in seconds, that is proposed.
_SIDE, _SECONDS = 96, 10.0


def describe_files(kind, values, table):
    """What the first files are, and what settings would suit them.

    Args:
        kind: str. Registered name of the modality.
        values: list of the row and the path, or bytes, of each file.
        table: `Table`.

    Returns:
        A str that continues a reason, and a dict of settings.
    """
    files, missing = [], 0
    for row, value in values:
        if len(files) + missing == _FILES:
            break
        if isinstance(value, bytes):
            files.append(value)
            continue
        try:
            path = resolve(split_name(str(value))[0], table.root_of(row))
        except BadValue:
            continue
        if path.is_file():
            files.append(path)
        else:
            missing += 1
    more, settings = _SETTINGS[kind](files)
    if not files:
        return "; none of the first ones was found", settings
    types = dict.fromkeys(sniff(_start(file)) for file in files)
    reason = f"; the first are {', '.join(types)}"
    if missing:
        reason += f" ({missing} of {len(files) + missing} were not found)"
    return reason + more, settings


def _start(file):
    if isinstance(file, bytes):
        return file[:512]
    with open(file, "rb") as opened:
        return opened.read(512)


def _measures(modality, files):
    found = []
    for file in files:
        try:
            found.append(modality.measure(modality.read(file)))
        except BadValue:
            continue  # `check` tells which and why.
    return found


def _image(files):
    found = _measures(get("modality", "image")(), files)
    if not found:
        return ", none of which can be read", {}
    height = statistics.median_low(x["height"] for x in found)
    width = statistics.median_low(x["width"] for x in found)
    scale = min(1, _SIDE / min(height, width))
    size = [max(1, round(height * scale)), max(1, round(width * scale))]
    return f" of {height} x {width} pixels at the median", {"size": size}


def _audio(files):
    import soundfile

    rates, seconds = collections.Counter(), []
    for file in files:
        try:
            is_bytes = isinstance(file, bytes)
            info = soundfile.info(io.BytesIO(file) if is_bytes else str(file))
        except (soundfile.LibsndfileError, RuntimeError):
            continue
        if info.samplerate:
            rates[info.samplerate] += 1
            seconds.append(info.frames / info.samplerate)
    if not rates:
        return ", none of which can be read", {}
    rate = rates.most_common(1)[0][0]
    seconds.sort()
    long = seconds[min(int(0.95 * len(seconds)), len(seconds) - 1)]
    settings = {
        "sample_rate": rate,
        "seconds": round(min(max(long, 0.1), _SECONDS), 2),
    }
    reason = f" at {rate} Hz, 95 % of them {long:.2f} s or shorter"
    if len(rates) > 1:
        settings["resample"] = True
        listed = ", ".join(str(other) for other in sorted(rates))
        reason += f"; rates differ ({listed}), so they are resampled"
    return reason, settings


def _video(files):
    return "", {"size": [64, 64], "frames": 16}


def _vector(files):
    return "", {"files": True}


_SETTINGS = {
    "image": _image,
    "audio": _audio,
    "video": _video,
    "vector": _vector,
}
