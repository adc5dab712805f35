"""`python -m benchmarks.augmentation_help`: whether augmentation helps.

A small model of sounds on few recordings of `spoken_digit`, prepared by
TensorFlow Datasets, altered in several ways, over several seeds. Writes
`augmentation_help.md` beside this file.
"""

import argparse
import os
import pathlib
import statistics

import keras
import numpy as np
import tensorflow_datasets as tfds

import mmfusion as mm
from benchmarks import tables
from mmfusion import files, training

HERE = pathlib.Path(__file__).parent
WAYS = {
    "nothing": {},
    "`time_shift`": {"augment": {"sound": ["time_shift"]}},
    "`spec_augment`": {"augment": {"sound": ["spec_augment"]}},
    "`time_shift`, `gain`, `spec_augment`": {
        "augment": {"sound": ["time_shift", "gain", "spec_augment"]}
    },
    "`mixup`": {"mixup": 0.2},
}


def sounds(rows):
    """Every fifth recording is held out, a half of them for validation."""
    data = list(tfds.as_numpy(tfds.load("spoken_digit", split="train")))
    places = np.arange(len(data))
    held = places[places % 5 == 0]
    learned = places[places % 5 != 0]
    learned = learned[:: max(1, len(learned) // rows)][:rows]
    chosen = [*learned, *held]
    count = len(learned)
    return mm.data.from_arrays(
        {"sound": [data[i]["audio"].astype("int16") for i in chosen]},
        {"label": [int(data[i]["label"]) for i in chosen]},
        modalities={
            "sound": mm.data.Audio(sample_rate=8000, num_mels=40, hop_ms=20)
        },
        splits={
            "train": np.arange(count),
            "validation": np.arange(count, len(chosen), 2),
            "test": np.arange(count + 1, len(chosen), 2),
        },
    )


def accuracy(data, seed, epochs, altered):
    """Of the test split, in per cent, at the best epoch of validation."""
    keras.utils.set_random_seed(seed)
    model = mm.models.from_schema(data.schema, mm.fusion.ConcatFusion(64))
    rules = training.Rules(
        epochs=epochs,
        batch_size=32,
        patience=None,
        seed=seed,
        xla="off",
        **altered,
    )
    training.fit(model, data, rules)
    x, y = data.test.arrays()
    answers = model.predict(x, verbose=0)["label"]
    return 100 * float(np.mean(answers.argmax(1) == y["label"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--epochs", type=int, default=40)
    options = parser.parse_args()
    data = sounds(options.rows)
    rows, before = [], None
    for way, altered in WAYS.items():
        scores = [
            accuracy(data, seed, options.epochs, altered)
            for seed in range(options.seeds)
        ]
        before = before or scores
        gains = [b - a for a, b in zip(before, scores, strict=True)]
        rows.append(
            [
                way,
                ", ".join(f"{score:.1f}" for score in scores),
                f"{statistics.mean(scores):.1f}",
                f"{statistics.mean(gains):+.1f} "
                f"({min(gains):+.1f} to {max(gains):+.1f})",
            ]
        )
        print(rows[-1], flush=True)
    table = tables.markdown(
        ["altered by", "test accuracy, seed by seed", "mean", "gain"], rows
    )
    text = f"""# Whether augmentation helps

Written by `python -m benchmarks.augmentation_help`: {len(data.train)} \
recordings of
`spoken_digit` to learn from, {len(data.validation)} to choose the epoch, \
{len(data.test)} to test, of the
same speakers; a small model, {options.epochs} epochs, {options.seeds} \
seeds. Accuracy in per cent; gains
are over the same seed, with their least and most. One training set and few
seeds: what is small here is not shown.

{table}

{tables.versions()}
"""
    files.write_text(HERE / "augmentation_help.md", text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
