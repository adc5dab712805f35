"""`python -m benchmarks.spoken_digits`: a sound encoder on its own.

Two questions: new recordings of known speakers (the split of the recordings'
authors, several seeds), and new speakers (each of them left out once). Writes
`spoken_digits.md` beside this file. Needs `spoken_digit`, prepared by
TensorFlow Datasets; about ten minutes on two cores.
"""

import argparse
import math
import pathlib
import platform
import statistics

import keras
import tensorflow as tf

import mmfusion as mm
from mmfusion import files
from mmfusion.data.datasets import recordings

HERE = pathlib.Path(__file__).parent
RULES = {
    "epochs": 40,
    "batch_size": 64,
    "optimizer": {"name": "adam", "learning_rate": 0.003},
    "schedule": "cosine",
    "patience": 40,
}
SOUND = {"num_mels": 32, "window_ms": 64, "hop_ms": 20}
# Two-sided 95 % of Student's t, by the number of speakers.
T = {5: 2.776, 6: 2.571}


def data_set(splits):
    """`Data` of the recordings of each split, one second each."""
    rows = [(name, r) for name, part in splits.items() for r in part]
    places = {
        name: [row for row, (split, _) in enumerate(rows) if split == name]
        for name in splits
    }
    return mm.data.from_arrays(
        {"sound": [recording.samples for _, recording in rows]},
        {"label": [str(recording.digit) for _, recording in rows]},
        modalities={
            "sound": mm.data.Audio(sample_rate=8000, seconds=1.0, **SOUND)
        },
        splits=places,
        ids=[recording.name for _, recording in rows],
    )


def accuracy(data, seed, encoder):
    """Trains on one split, chooses the epoch on another, reads the test."""
    keras.utils.set_random_seed(seed)
    model = mm.models.from_schema(
        data.schema,
        mm.decision.AverageDecision(),
        encoders={"sound": {"name": encoder, "units": 64, "dropout": 0.3}},
    )
    rules = mm.training.Rules(**RULES, seed=seed)
    outcome = mm.training.fit(model, data, rules)
    answers = model.predict(data.test.batches(256), verbose=0)["label"]
    right = answers.argmax(axis=-1) == data.test.targets["label"]
    return float(right.mean()), len(right), outcome.seconds


def wilson(share, rows, z=1.96):
    """The 95 % interval of a share of independent rows."""
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows)
    half *= math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return middle - half, min(middle + half, 1.0)


def without(spoken, speaker):
    """Splits in which one speaker is heard in the test only."""
    rest = [r for r in spoken if r.speaker != speaker]
    return {
        "train": [r for r in rest if not 5 <= r.index < 10],
        "validation": [r for r in rest if 5 <= r.index < 10],
        "test": [r for r in spoken if r.speaker == speaker],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--encoder", default="audio_cnn")
    options = parser.parse_args()
    spoken = recordings.load()
    data = data_set(recordings.split_by_recording(spoken))
    lines = []
    for seed in range(options.seeds):
        share, rows, seconds = accuracy(data, seed, options.encoder)
        low, high = wilson(share, rows)
        lines.append(
            f"| {seed} | {share:.3f} | {low:.3f} to {high:.3f} | {rows} | "
            f"{seconds:.0f} |"
        )
        print(lines[-1], flush=True)
    speakers, shares = [], []
    for speaker in sorted({recording.speaker for recording in spoken}):
        data = data_set(without(spoken, speaker))
        share, rows, seconds = accuracy(data, 0, options.encoder)
        shares.append(share)
        speakers.append(f"| {speaker} | {share:.3f} | {rows} | {seconds:.0f} |")
        print(speakers[-1], flush=True)
    mean = statistics.mean(shares)
    half = T[len(shares)] * statistics.stdev(shares) / math.sqrt(len(shares))
    text = f"""# Spoken digits

Written by `python -m benchmarks.spoken_digits`: `{options.encoder}` alone on
the log-mel spectrograms of `spoken_digit` ({len(spoken):,} recordings of ten
digits by {len(shares)} speakers). The epoch is chosen on the validation split,
the test is read once.

## New recordings of known speakers

The split of the recordings' authors: 0-4 of each digit and speaker are the
test. Chance is 0.100.

| seed | accuracy | 95 % interval (Wilson) | test recordings | training, s |
|---|---|---|---|---|
{chr(10).join(lines)}

## New speakers

Each speaker is left out of training and validation once.

| left out | accuracy | test recordings | training, s |
|---|---|---|---|
{chr(10).join(speakers)}
| mean | {mean:.3f} | | |

Over speakers, 95 %: {max(0, mean - half):.3f} to {min(1, mean + half):.3f}
(Student's t, {len(shares)} speakers).

mmfusion {mm.__version__}, Keras {keras.__version__}, TensorFlow
{tf.__version__}, Python {platform.python_version()}, two CPU cores
({platform.machine()}).
"""
    files.write_text(HERE / "spoken_digits.md", text)


if __name__ == "__main__":
    main()
