"""`python -m benchmarks.augmentation`: what each augmentation costs.

Samples a second of each augmentation, in a graph as `Split.batches` runs it,
on batches of 64; all take turns in one process; medians. Then whether it helps:
accuracy with and without on a part of `cifar10` and on `spoken_digit`, prepared
by TensorFlow Datasets. Writes `augmentation.md` beside this file.
"""

import argparse
import os
import pathlib
import statistics
import time

import keras
import numpy as np
import tensorflow as tf

import mmfusion as mm
from benchmarks import tables
from mmfusion import files, registry, training
from mmfusion.data import augment

HERE = pathlib.Path(__file__).parent
BATCH = 64
SHAPES = {
    "image": (96, 96, 3),
    "clip": (8, 48, 48, 3),
    "log_mel": (100, 64),
    "waveform": (16000,),
    "ids": (32,),
    "bag": (2000,),
}


def batch(content):
    random = np.random.default_rng(0)
    shape = (BATCH, *SHAPES[content])
    if content == "ids":
        return tf.constant(random.integers(0, 8000, shape), "int32")
    high = 255 if content in ("image", "clip") else 1
    return tf.constant(random.uniform(0, high, shape), "float32")


def contents():
    """`(name, content)` of all that can be altered."""
    return [
        (name, content)
        for content in SHAPES
        for name in registry.names("augmentation")
        if content in registry.get("augmentation", name).contents
    ]


def measured(rounds):
    """Seconds of a batch, by what is altered, and by what."""
    calls, seconds = {}, {}
    for name, content in contents():
        thing, x = augment.create(name), batch(content)
        call = tf.function(thing).get_concrete_function(
            x, tf.TensorSpec((2,), "int32")
        )
        calls[name, content] = (call, x)
        call(x, tf.constant([0, 0]))
        seconds[name, content] = []
    mixed = augment.Mixup()
    x, y = {"photo": batch("image")}, {"label": tf.range(BATCH) % 10}
    mix = tf.function(lambda x, seed: mixed(x, y, None, seed, {"label": 10}))
    calls["mixup", "image"] = (mix, x)
    mix(x, tf.constant([0, 0]))
    seconds["mixup", "image"] = []
    for turn in range(rounds):
        for key, (call, x) in calls.items():
            seed = tf.constant([turn, 1])
            begin = time.perf_counter()
            call(x, seed)
            seconds[key].append(time.perf_counter() - begin)
    return seconds


def speed_rows(rounds):
    rows = []
    for (name, content), times in measured(rounds).items():
        shape = " x ".join(map(str, SHAPES[content]))
        middle = statistics.median(times)
        rows.append(
            [
                f"`{name}`",
                f"{content}, {shape}",
                f"{1e3 * middle:.1f}",
                f"{BATCH / middle:,.0f}",
            ]
        )
    return rows


def pictures(rows):
    import tensorflow_datasets as tfds

    parts = [
        tfds.as_numpy(tfds.load("cifar10", split=split, batch_size=-1))
        for split in (f"train[:{rows}]", "test[:3000]")
    ]
    return _data("image", *parts, mm.data.Image(size=(32, 32)))


def sounds():
    """Digits that are heard; every fifth recording of all is for the test."""
    import tensorflow_datasets as tfds

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
    (name,) = data.inputs
    model = mm.models.from_schema(
        data.schema,
        mm.fusion.ConcatFusion(64),
        encoders={name: {"hidden": [32, 64, 64]}},
    )
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
        "flip, shift, cutout": {
            "augment": {"image": ["flip", "shift", "cutout"]}
        },
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
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--no-training", action="store_true")
    options = parser.parse_args()
    speed = tables.markdown(
        ["augmentation", "of", "ms a batch", "samples a second"],
        speed_rows(options.rounds),
    )
    print(speed)
    if options.no_training:
        return
    helped = tables.markdown(
        ["rows to learn from", "altered by", "seed by seed", "mean", "gain"],
        help_rows(options.seeds, options.rows, options.epochs),
    )
    text = f"""# Augmentation: what it costs, and whether it helps

Written by `python -m benchmarks.augmentation`.

## What it costs

Batches of {BATCH} in a graph, medians of {options.rounds} turns, in which all
take part one after the other, in one process on two CPU cores.

{speed}

## Whether it helps

Test accuracy in per cent of a small model of one modality after \
{options.epochs} epochs, the best
one chosen on validation; {options.seeds} seeds. These are few rows and few
seeds: a gain of a point or two is within the spread of the seeds.

{helped}

{tables.versions()}
"""
    files.write_text(HERE / "augmentation.md", text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
