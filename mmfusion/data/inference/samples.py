"""Opens a few files of a column, to see what they are."""

import collections
import os
import statistics

from mmfusion.data.modality import BadValue
from mmfusion.data.paths import resolve
from mmfusion.data.sniff import sniff
from mmfusion.registry import get

_FILES = 50
# The largest picture side, and the longest sound in seconds, that is proposed.
_SIDE, _SECONDS = 96, 10.0


def describe_files(kind, evidence, table):
    """What the first files are, and what settings would suit them.

    Args:
        kind: str. Registered name of the modality.
        evidence: `Evidence` of the column.
        table: `Table`.

    Returns:
        A str that continues a reason, and a dict of settings.
    """
    paths, missing = [], 0
    for row, cell in list(zip(evidence.rows, evidence.cells, strict=True)):
        if len(paths) + missing == _FILES:
            break
        try:
            path = resolve(os.fspath(str(cell)), table.root_of(row))
        except BadValue:
            continue
        if path.is_file():
            paths.append(path)
        else:
            missing += 1
    if not paths:
        return "; none of the first ones was found", {}
    types = collections.Counter(sniff(_start(path)) for path in paths)
    reason = "; the first are " + ", ".join(name for name, _ in types.items())
    if missing:
        reason += f" ({missing} of {_FILES} were not found)"
    more, settings = _SETTINGS.get(kind, lambda paths: ("", {}))(paths)
    return reason + more, settings


def _start(path):
    with open(path, "rb") as file:
        return file.read(512)


def _measures(modality, paths):
    found = []
    for path in paths:
        try:
            found.append(modality.measure(modality.read(path)))
        except BadValue:
            continue  # `check` tells which and why.
    return found


def _image(paths):
    found = _measures(get("modality", "image")(), paths)
    if not found:
        return ", none of which can be read", {}
    height = statistics.median_low(x["height"] for x in found)
    width = statistics.median_low(x["width"] for x in found)
    scale = min(1, _SIDE / min(height, width))
    size = [max(1, round(height * scale)), max(1, round(width * scale))]
    return f" of {height} x {width} pixels at the median", {"size": size}


def _audio(paths):
    import soundfile

    rates, seconds = collections.Counter(), []
    for path in paths:
        try:
            info = soundfile.info(str(path))
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


def _video(paths):
    return "", {"size": [64, 64], "frames": 16}


def _vector(paths):
    return "", {"files": True}


_SETTINGS = {
    "image": _image,
    "audio": _audio,
    "video": _video,
    "vector": _vector,
}
