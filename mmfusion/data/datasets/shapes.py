"""Pictures, captions and sounds that only together tell the class."""

import numpy as np

from mmfusion import checks, registry
from mmfusion.data.arrays import from_arrays
from mmfusion.data.audio import Audio
from mmfusion.data.datasets import captions, drawing, tones
from mmfusion.data.datasets.channel import (
    ceilings,
    channel,
    deal,
    deal_symbols,
)
from mmfusion.data.image import Image
from mmfusion.data.text import Text
from mmfusion.errors import ArgumentError

CLASSES = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")
# What each modality shows of a class, in the order of CLASSES. No two classes
# share the symbol of more than one modality.
CHANNELS = {
    "caption": channel([0, 1, 2, 2, 3, 3], confusion=0.02),
    "image": channel([0, 0, 1, 2, 1, 3], confusion=0.03),
    "sound": channel([0, 1, 0, 1, 2, 3], confusion=0.04),
}
_SPLITS = ("train", "validation", "test")


@registry.register("dataset", "shapes")
def shapes(rows=8000, seed=0, size=(28, 28), seconds=0.5, missing=0.0):
    """Generated rows of image, caption and sound; needs no files.

    Each of six classes, all equally likely, shows a symbol in every modality:
    a shape in the picture, a word in the caption, a pattern of pitch in the
    sound. Each modality has four symbols only, and now and then shows a wrong
    one, so that it cannot be right in more than about 65 rows of 100 however
    well it is read; what one modality merges the others tell apart, and
    together they reach 98. Everything else in picture, caption and sound is
    chance and tells nothing.

    `Split.ceiling` holds these bounds for exactly the rows of the split,
    worked out from the generator's own probabilities (see
    `mmfusion.data.datasets.channel.ceilings`), and `describe` prints them.

    Args:
        rows: dict of `"train"`, `"validation"` and `"test"` to int, or an int
            that is divided 60 : 10 : 30. Defaults to 8000.
        seed: int >= 0.
        size: tuple `(height, width)` of the images, in pixels, 16 at least.
        seconds: number, the length of the sounds, 0.25 at least.
        missing: float in `[0, 1)`, the share of values that are absent, or a
            dict of modality name to it; either may be given for each split,
            as a dict by its name. What is absent depends on nothing else; a
            row keeps one modality at least. Defaults to 0.

    Returns:
        `Data` with the optional inputs `image`, `caption` and `sound` and the
        target `label`.

    Raises:
        ArgumentError: If an argument cannot be used.

    Example:

    >>> data = shapes(rows={"train": 6, "validation": 3, "test": 3}, seed=1)
    >>> x, y = data.train.arrays()
    >>> x["image"].shape, x["sound"].shape, y["label"].shape
    ((6, 28, 28, 3), (6, 30, 24), (6,))
    """
    checks.check_shape("shapes", "size", size, rank=2)
    for side in size:
        checks.check_range("shapes", "size", side, 16, 4096)
    checks.check_range("shapes", "seconds", seconds, 0.25, 60)
    checks.check_seed("shapes", seed)
    parts = {
        name: generate(count, [seed, number], size, seconds, shares)
        for number, (name, count, shares) in enumerate(
            _each_split(rows, missing)
        )
    }
    rows = {name: len(part["label"]) for name, part in parts.items()}
    ends = np.cumsum([0, *rows.values()])
    return from_arrays(
        {name: _values(parts.values(), name) for name in sorted(CHANNELS)},
        {"label": [CLASSES[i] for p in parts.values() for i in p["label"]]},
        modalities={
            "caption": Text(
                kind="multi_hot", vocabulary_size=64, optional=True
            ),
            "image": Image(size=size, optional=True),
            "sound": Audio(
                sample_rate=tones.SAMPLE_RATE,
                seconds=seconds,
                num_mels=24,
                window_ms=32,
                hop_ms=16,
                optional=True,
            ),
        },
        splits={
            name: range(*ends[number : number + 2])
            for number, name in enumerate(rows)
        },
        ids=[f"{name}-{i}" for name, n in rows.items() for i in range(n)],
        seed=seed,
        ceilings={
            name: ceilings(CHANNELS, part["symbols"], part["present"])
            for name, part in parts.items()
        },
    )


def _values(parts, name):
    """The values of one modality in all splits, None where it is absent."""
    return [
        value if there else None
        for part in parts
        for value, there in zip(
            part["values"][name], part["present"][name], strict=True
        )
    ]


def generate(rows, seed, size, seconds, missing):
    """The rows of one split.

    Args:
        rows: int.
        seed: list of int >= 0.
        size, seconds: as `shapes` takes them.
        missing: dict of modality name to float.

    Returns:
        Dict of `label` int `(rows,)`; `symbols` and `present`, dicts of
        modality name to int and to bool `(rows,)`; `values`, dict of modality
        name to a sequence, also of what is absent.
    """
    # A generator for each part: a larger picture leaves the sounds alone.
    rngs = [np.random.default_rng([*seed, part]) for part in range(5)]
    equally = np.full(len(CLASSES), 1 / len(CLASSES))
    label = deal(equally, rows, rngs[0])
    symbols = {
        name: deal_symbols(CHANNELS[name], label, rngs[0])
        for name in sorted(CHANNELS)
    }
    return {
        "label": label,
        "symbols": symbols,
        "present": _present(rows, missing, rngs[1]),
        "values": {
            "caption": captions.write(symbols["caption"], rngs[2]),
            "image": drawing.draw(symbols["image"], size, rngs[3]),
            "sound": tones.play(symbols["sound"], seconds, rngs[4]),
        },
    }


def _present(rows, missing, rng):
    """Which values are there; one at least in every row."""
    names = sorted(CHANNELS)
    shares = np.array([missing[name] for name in names])
    there = rng.random((rows, len(names))) >= shares
    spared = rng.integers(len(names), size=rows)
    nothing = np.flatnonzero(~there.any(axis=1))
    there[nothing, spared[nothing]] = True
    return dict(zip(names, there.T, strict=True))


def _each_split(rows, missing):
    """`(name, rows, {modality: share})` of each split."""
    if not isinstance(rows, dict):
        checks.check_positive("shapes", rows=rows)
        if rows < len(_SPLITS):
            raise ArgumentError(
                "`shapes` expects `rows` to be 3 at least, one for each "
                f"split. Received: {rows}."
            )
        validation, test = max(1, rows // 10), max(1, rows * 3 // 10)
        train = rows - validation - test
        rows = dict(zip(_SPLITS, (train, validation, test), strict=True))
    checks.check_keys("rows of shapes", rows, _SPLITS, required=_SPLITS)
    checks.check_positive("shapes", **rows)
    if not isinstance(missing, dict) or not set(missing) & set(_SPLITS):
        missing = dict.fromkeys(_SPLITS, missing)
    checks.check_keys("missing of shapes", missing, _SPLITS)
    for name in _SPLITS:
        shares = missing.get(name, 0.0)
        if not isinstance(shares, dict):
            shares = dict.fromkeys(CHANNELS, shares)
        checks.check_keys("missing of shapes", shares, CHANNELS)
        for share in shares.values():
            checks.check_range("shapes", "missing", share, 0, 0.99)
        yield name, rows[name], {**dict.fromkeys(CHANNELS, 0.0), **shares}
