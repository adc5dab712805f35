"""`python -m benchmarks.augmentation_help`: whether augmentation helps.

A small model of one modality on few rows of `cifar10` and of `spoken_digit`,
prepared by TensorFlow Datasets, altered in several ways, over several seeds.
Writes `augmentation_help.md` beside this file.
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


def pictures(rows):
    parts = [
        tfds.as_numpy(tfds.load("cifar10", split=split, batch_size=-1))
        for split in (f"train[:{rows}]", "test[:2000]")
    ]
    return _data("image", *parts, mm.data.Image(size=(32, 32)))


def sounds():
    """Digits that are heard; every fifth recording of all is for the test."""
    data = list(tfds.as_numpy(tfds.load("spoken_digit", split="train")))
    parts = []
    for held in (False, True):
        chosen = [row for i, row in enumerate(data) if (i % 5 == 0) == held]
        # Few rows to learn from: a tenth of the rest.
        chosen = chosen if held else chosen[::10]
        parts.append(
            {
                "sound": [row["audio"].astype("int16") for row in chosen],
                "label": np.array([row["label"] for row in chosen]),
            }
        )
    audio = mm.data.Audio(sample_rate=8000, num_mels=40, hop_ms=20)
    return _data("sound", *parts, audio)


def _data(name, train, test, modality):
    values = [*train[name], *test[name]]
    labels = [*train["label"].tolist(), *test["label"].tolist()]
    first = len(train["label"])
    held = len(test["label"]) // 3
    return mm.data.from_arrays(
        {name: values},
        {"label": labels},
        modalities={name: modality},
        splits={
            "train": np.arange(first),
            "validation": np.arange(first, first + held),
            "test": np.arange(first + held, len(labels)),
        },
    )


def accuracy(data, seed, epochs, **altered):
    """Of the test split, in per cent, at the best epoch of validation."""
    keras.utils.set_random_seed(seed)
    model = mm.models.from_schema(data.schema, mm.fusion.ConcatFusion(64))
    rules = training.Rules(
        epochs=epochs, patience=None, seed=seed, xla="off", **altered
    )
    training.fit(model, data, rules)
    x, y = data.test.arrays()
    answers = model.predict(x, verbose=0)["label"]
    return 100 * float(np.mean(answers.argmax(1) == y["label"]))


HELP = {
    "cifar10": {
        "none": {},
        "flip, shift": {"augment": {"image": ["flip", "shift"]}},
        "rand_augment": {"augment": {"image": ["flip", "rand_augment"]}},
        "mixup": {"mixup": 0.2},
    },
    "spoken_digit": {
        "none": {},
        "time_shift": {"augment": {"sound": ["time_shift"]}},
        "spec_augment": {"augment": {"sound": ["spec_augment"]}},
        "time_shift, gain, spec_augment": {
            "augment": {"sound": ["time_shift", "gain", "spec_augment"]}
        },
        "mixup": {"mixup": 0.2},
    },
}


def help_rows(seeds, rows, epochs):
    made = {"cifar10": lambda: pictures(rows), "spoken_digit": sounds}
    found = []
    for name, ways in HELP.items():
        data = made[name]()
        before = None
        for way, altered in ways.items():
            scores = [
                accuracy(data, s, epochs, **altered) for s in range(seeds)
            ]
            before = before or scores
            gains = [b - a for a, b in zip(before, scores, strict=True)]
            found.append(
                [
                    f"{name}, {len(data.train):,} rows",
                    way,
                    ", ".join(f"{score:.1f}" for score in scores),
                    f"{statistics.mean(scores):.1f}",
                    f"{statistics.mean(gains):+.1f}",
                ]
            )
            print(found[-1], flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--epochs", type=int, default=15)
    options = parser.parse_args()
    table = tables.markdown(
        ["rows to learn from", "altered by", "seed by seed", "mean", "gain"],
        help_rows(options.seeds, options.rows, options.epochs),
    )
    text = f"""# Whether augmentation helps

Written by `python -m benchmarks.augmentation_help`: test accuracy in per cent
of a small model of one modality after {options.epochs} epochs, the best one \
chosen on
validation; {options.seeds} seeds of the weights. These are few rows and few \
seeds: a gain of
a point or two is within the spread of the seeds.

{table}

{tables.versions()}
"""
    files.write_text(HERE / "augmentation_help.md", text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
