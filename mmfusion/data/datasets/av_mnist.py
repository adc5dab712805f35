"""Blurred handwritten digits and spoken digits under noise, in pairs."""

import numpy as np

from mmfusion import checks, registry
from mmfusion.data.arrays import from_arrays
from mmfusion.data.audio import Audio
from mmfusion.data.datasets import prepared, recordings
from mmfusion.data.datasets.noise import gain_for, under_noise
from mmfusion.data.datasets.pairing import images_for, meet
from mmfusion.data.datasets.principal import PrincipalComponents
from mmfusion.data.image import Image
from mmfusion.errors import ArgumentError

SAMPLE_RATE = 8000
_SPEAKERS = {"validation": ("theo",), "test": ("yweweler",)}
# How many images each recording meets.
_TIMES = {"train": 10, "validation": 12, "test": 12}
# From which part of MNIST they come.
_POOLS = {"train": "train", "validation": "train", "test": "test"}


@registry.register("dataset", "av_mnist", paths=("data_dir",))
def av_mnist(
    snr=-10.0,
    variance=0.25,
    seed=0,
    by="recording",
    speakers=None,
    optional=False,
    data_dir=None,
):
    """Digits to look at and to hear, both so poor that two beat one clearly.

    There are several data sets of this name, so here is all of this one. It
    is made of `mnist` and `spoken_digit` of TensorFlow Datasets, which must
    have been prepared; nothing is downloaded.

    - **Image**: an MNIST digit that keeps its leading principal components
      only, the fewest that hold `variance` of the whole, fitted to the
      training split's images (centred, not scaled); rounded to 0..255.
    - **Sound**: a spoken digit at 8 kHz, padded with zeros or cut to one
      second, with white noise over the whole second. The signal-to-noise
      ratio counts the power of the recording before it is padded or cut. The
      noise of a row depends on `seed`, split and row alone. One factor for
      all sounds keeps them within 16 bits.
    - **Pairs**: each recording meets 10 images of its digit in training, 12
      in validation and in test, and no image comes twice. Those of the test
      split are from MNIST's test part, those of the others from its training
      part.
    - **Splits** by recording: of 50 recordings of each digit by each speaker
      0-4 are test, as their authors have it, 5-9 validation, 10-49 training:
      20,000, 3,000 and 3,000 rows. All speakers are in all splits. By
      speaker: the speakers for validation and for test are heard nowhere
      else; 15,000, 6,000 and 6,000 rows with one speaker each.

    `Split.groups` is the recording, of which the test split has 250: rows
    that share it are not independent. By speaker, intervals over recordings
    still say nothing about further speakers.

    Args:
        snr: number. Signal-to-noise ratio in dB; `inf` for no noise.
        variance: float in 0..1. 1 keeps the images as they are.
        seed: int >= 0. Draws the images, their pairs and the noise.
        by: `"recording"` or `"speaker"`.
        speakers: dict of `"validation"` and `"test"` to a list of speakers,
            where `by="speaker"`. Defaults to the last two by name, `theo` and
            `yweweler`.
        optional: bool. Whether a row may come without image or sound.
        data_dir: path of the prepared data sets. Defaults to `TFDS_DATA_DIR`,
            else `~/tensorflow_datasets`.

    Returns:
        `Data` with the inputs `image` and `sound` and the target `label`.

    Raises:
        ArgumentError: If an argument cannot be used.
        DataError: If a data set is not prepared; says at once how to get it.

    Example:

    >>> av_mnist(data_dir="none")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.TableError: Data sets are missing, and mmfusion ...
    """
    checks.check_range("av_mnist", "snr", snr, -100, float("inf"))
    checks.check_range("av_mnist", "variance", variance, 0, 1)
    checks.check_seed("av_mnist", seed)
    checks.check_choice("av_mnist", "by", by, ("recording", "speaker"))
    if speakers is not None and by != "speaker":
        raise ArgumentError(
            "`av_mnist` expects `speakers` only with `by='speaker'`. "
            f"Received: by={by!r}."
        )
    prepared.check_prepared(["mnist", "spoken_digit"], data_dir)

    spoken = recordings.load(data_dir)
    if by == "recording":
        splits = recordings.split_by_recording(spoken)
    else:
        chosen = {**_SPEAKERS, **(speakers or {})}
        checks.check_keys("speakers of av_mnist", chosen, _SPEAKERS)
        splits = recordings.split_by_speaker(spoken, **chosen)
    pools = {part: _digits_to_see(part, data_dir) for part in ("train", "test")}
    rows = paired(snr, variance, seed, splits, pools)
    height, width = rows["image"].shape[1:]
    return from_arrays(
        {"image": rows["image"], "sound": rows["sound"]},
        {"label": rows["label"]},
        modalities={
            "image": Image(size=(height, width), optional=optional),
            "sound": Audio(
                sample_rate=SAMPLE_RATE,
                seconds=1.0,
                num_mels=32,
                window_ms=64,
                hop_ms=20,
                optional=optional,
            ),
        },
        splits={name: np.flatnonzero(rows["split"] == name) for name in _TIMES},
        groups=rows["recording"],
        unit="recording",
        ids=rows["id"],
        seed=seed,
    )


def paired(snr, variance, seed, splits, pools):
    """The rows of all splits; `av_mnist` says what they are.

    Args:
        snr, variance, seed: as `av_mnist` takes them.
        splits: dict of split name to list of `Recording`.
        pools: dict of `"train"` and `"test"`, the parts of MNIST, to
            `(images, labels)`, uint8 `(n, height, width)` and int `(n,)`.

    Returns:
        Dict of arrays `(rows, ...)`: `split`, `id`, `recording` (all str),
        `label` (int), `image` (uint8 `(height, width)`), `sound` (int16
        `(8000,)`).
    """
    rng = np.random.default_rng(seed)
    heard, split = [], []
    for name, times in _TIMES.items():
        digits = np.array([recording.digit for recording in splits[name]])
        met = meet(digits, times, rng)
        heard += [splits[name][i] for i in met]
        split += [name] * len(met)
    split = np.array(split)
    label = np.array([recording.digit for recording in heard])

    # Training and validation take from one pool at once: no image twice.
    part = np.array([_POOLS[name] for name in split])
    seen = np.empty(len(label), "int64")
    for pool, (_, shown) in pools.items():
        seen[part == pool] = images_for(label[part == pool], shown, rng)

    return {
        "split": split,
        "id": _ids(heard, part, seen),
        "recording": np.array([recording.name for recording in heard]),
        "label": label,
        "image": _blurred(pools, part, seen, split == "train", variance),
        "sound": _noisy(heard, split, snr, seed),
    }


def _ids(heard, part, seen):
    """Such as `7_jackson_32+train01234`: which recording, which image."""
    return np.array(
        [
            f"{recording.name}+{pool}{image:05d}"
            for recording, pool, image in zip(heard, part, seen, strict=True)
        ]
    )


def _blurred(pools, part, seen, fitted, variance):
    height, width = pools["train"][0].shape[1:]
    images = np.empty((len(seen), height * width), "uint8")
    for pool, (pixels, _) in pools.items():
        flat = pixels.reshape(len(pixels), -1)
        images[part == pool] = flat[seen[part == pool]]
    components = PrincipalComponents(images[fitted], variance)
    kept = np.rint(components.reconstruct(images))
    kept = np.clip(kept, 0, 255).astype("uint8")
    return kept.reshape(-1, height, width)


def _noisy(heard, split, snr, seed):
    different = {id(r): r.samples for r in heard}.values()
    gain = gain_for(different, snr)
    sounds = np.empty((len(heard), SAMPLE_RATE), "int16")
    for number, name in enumerate(_TIMES):
        rows = np.flatnonzero(split == name)
        for row, at in enumerate(rows):
            sounds[at] = under_noise(
                heard[at].samples,
                SAMPLE_RATE,
                snr,
                gain,
                np.random.default_rng([seed, number, row]),
            )
    return sounds


def _digits_to_see(part, data_dir):
    """The images and labels of one part of MNIST."""
    examples = prepared.load("mnist", part, data_dir).batch(10_000)
    batches = list(examples.as_numpy_iterator())
    images = np.concatenate([batch["image"][..., 0] for batch in batches])
    return images, np.concatenate([batch["label"] for batch in batches])
