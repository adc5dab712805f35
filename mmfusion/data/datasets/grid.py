"""Mouths and voices that say one of a few words, the voice under noise."""

import numpy as np

from mmfusion import checks, registry
from mmfusion.data.arrays import from_arrays
from mmfusion.data.audio import Audio
from mmfusion.data.datasets import clips as corpus
from mmfusion.data.datasets.local import split_rows
from mmfusion.data.datasets.noise import gain_for, under_noise
from mmfusion.data.splits import draw
from mmfusion.data.video import Video


@registry.register("dataset", "grid", paths=("folder",))
def grid(
    folder,
    target="digit",
    frames=16,
    snr=float("inf"),
    optional=False,
    validation=0.2,
    seed=0,
):
    """GRID, speaker 1: sentences of six words, seen and heard.

    `bin blue at f two now`: a command (4), colour (4), preposition (4), letter
    (25), digit (10) and adverb (4), 500 clips of three seconds. Around the
    word that is asked for a window is cut; where words are, the corpus says.
    Heard without noise nearly every word is plain, so that lips have little
    to add; `snr=-10` changes that.

    - **Where from**: the GRID corpus (Cooke et al., 2006), speaker 1, whose
      clips and alignments github.com/TVR28/LipNet has. The folder holds
      `grid_s1.csv` (`id`, the six words, `align`, `split`, `wav`),
      `mouth_25fps.npz` (grey mouths, uint8 `(clips, 75, 26, 48)`, and `id`)
      and `wav/` (16 bits, mono, 8 kHz).
    - **Licence**: none is stated there; the corpus is believed to be CC BY
      4.0. It shows and lets hear **a person who can be recognised**: use it
      for experiments, do not pass it on.

    Nothing is downloaded. The split is that of the table, 400 clips for
    training and 100 for test, and validation is drawn from training. A clip is
    one row. **There is one speaker**: no number made of this says anything
    about others. The sentence itself is no input, it holds the answer.

    Args:
        folder: path of the folder.
        target: `"command"`, `"color"`, `"preposition"`, `"letter"`, `"digit"`
            or `"adverb"`.
        frames: int, 2 to 75. Frames of the window, 25 a second; the sound is
            as long. None for the whole clip.
        snr: number. Signal-to-noise ratio of the window in dB, white noise;
            `inf` for none. The noise of a row depends on `seed` and row alone.
        optional: bool. Whether a row may come without mouth or sound.
        validation: float in `(0, 1)`, the share of the training clips.
        seed: int >= 0. Of the noise, the draw and the order of batches.

    Returns:
        `Data` with the inputs `mouth`, a `Video`, and `sound`, an `Audio`,
        and the target `label`.

    Raises:
        ArgumentError: If an argument cannot be used.
        DataError: If something is missing in the folder or cannot be read.

    Example:

    >>> import pathlib, tempfile, wave
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> (folder / "wav").mkdir()
    >>> rows = [",".join(["id", *corpus.WORDS, "align", "split", "wav"])]
    >>> for n in range(12):
    ...     split, digit = ["train", "test"][n % 3 == 0], ["one", "two"][n % 2]
    ...     align = f"20000:30000:{digit}"
    ...     rows.append(f"{n},bin,red,at,a,{digit},now,{align},{split},wav/{n}")
    ...     with wave.open(str(folder / f"wav/{n}"), "wb") as file:
    ...         file.setparams((1, 2, 8000, 0, "NONE", ""))
    ...         file.writeframes(bytes(range(100)) * 480)
    >>> _ = (folder / "grid_s1.csv").write_text("\\n".join(rows))
    >>> mouths = np.zeros((12, 75, 4, 6), "uint8")
    >>> np.savez(folder / "mouth_25fps.npz", mouth=mouths, id=np.arange(12))
    >>> x, y = grid(folder, frames=8).train.arrays()
    >>> x["mouth"].shape, x["sound"].shape, y["label"].tolist()
    ((6, 8, 4, 6, 3), (6, 29, 32), [1, 0, 1, 0, 0, 1])
    """
    checks.check_choice("grid", "target", target, corpus.WORDS)
    if frames is not None:
        checks.check_positive("grid", frames=frames)
        checks.check_range("grid", "frames", frames, 2, corpus.FRAMES)
    checks.check_range("grid", "snr", snr, -100, float("inf"))
    checks.check_range("grid", "validation", validation, 0.001, 0.9)
    checks.check_seed("grid", seed)
    clips = corpus.load(folder)
    labels = [clip.words[target] for clip in clips]
    mouths, sounds = windows(clips, target, frames, snr, seed)
    return from_arrays(
        {"mouth": _in_colour(mouths), "sound": sounds},
        {"label": labels},
        modalities={
            "mouth": Video(
                size=mouths.shape[2:],
                frames=mouths.shape[1],
                optional=optional,
            ),
            "sound": Audio(
                sample_rate=corpus.RATE,
                seconds=sounds.shape[1] / corpus.RATE,
                num_mels=32,
                window_ms=32,
                hop_ms=10,
                optional=optional,
            ),
        },
        splits=_splits(clips, labels, validation, seed),
        ids=[clip.id for clip in clips],
        seed=seed,
    )


def windows(clips, target, frames, snr, seed):
    """What is seen and heard around a word of each clip.

    Args:
        clips: list of `clips.Clip`.
        target, frames, snr, seed: as `grid` takes them.

    Returns:
        uint8 `(clips, frames, height, width)` and int16 `(clips, samples)`.
    """
    count = frames or corpus.FRAMES
    middles = [clip.middle(target) for clip in clips]
    pairs = list(zip(clips, middles, strict=True))
    mouths = np.stack([clip.frames_around(at, count) for clip, at in pairs])
    heard = [clip.sound_around(at, count) / 32768 for clip, at in pairs]
    gain = gain_for(heard, snr)
    sounds = [
        under_noise(
            samples.astype("float32"),
            len(samples),
            snr,
            gain,
            np.random.default_rng([seed, row]),
        )
        for row, samples in enumerate(heard)
    ]
    return mouths, np.stack(sounds)


def _in_colour(mouths):
    """Grey as red, green and blue: `(clips, frames, height, width, 3)`."""
    return np.repeat(mouths[..., None], 3, axis=-1)


def _splits(clips, labels, validation, seed):
    splits = split_rows(
        [{"split": clip.split} for clip in clips],
        {"train": "train", "test": "test"},
    )
    train = splits.pop("train")
    drawn, _ = draw(
        [clips[at].id for at in train],
        {"validation": validation},
        [(labels[at],) for at in train],
        seed=seed,
    )
    for at, name in zip(train, drawn, strict=True):
        splits.setdefault(name, []).append(at)
    return splits
