"""`python -m benchmarks.cifar10`: an image encoder, in a given time.

Trains on 45,000 pictures of `cifar10` with the usual augmentation (shift by
up to four pixels, flip), watches 5,000 others, and reads the test once, at
the end. The learning rate follows the share of the time that is used up, so
that a run ends when its time does. Writes `cifar10_<encoder>.md` beside this
file. Needs `cifar10`, prepared by TensorFlow Datasets.
"""

import argparse
import json
import math
import os
import pathlib
import platform
import time

import keras
import numpy as np
import tensorflow as tf

import mmfusion as mm
from mmfusion import files
from mmfusion.data.datasets import prepared

HERE = pathlib.Path(__file__).parent
CLASSES = "airplane automobile bird cat deer dog frog horse ship truck".split()
ENCODERS = {
    "image_resnet": lambda: mm.encoders.image_resnet((32, 32, 3), units=64),
    "image_cnn": lambda: mm.encoders.image_cnn(
        (32, 32, 3), units=128, hidden=(32, 64, 128), dropout=0.3
    ),
}
CORES = 2
BATCH = 128


def load(split):
    """Pictures, uint8 `(rows, 32, 32, 3)`, and labels `(rows,)`."""
    rows = list(prepared.load("cifar10", split).as_numpy_iterator())
    return (
        np.stack([row["image"] for row in rows]),
        np.array([row["label"] for row in rows], "int32"),
    )


def augmented(image, label):
    image = tf.pad(image, [[4, 4], [4, 4], [0, 0]])
    image = tf.image.random_crop(image, (32, 32, 3))
    image = tf.image.random_flip_left_right(image)
    return {"image": tf.cast(image, "float32")}, {"label": label}


def batches(images, labels, training):
    data = tf.data.Dataset.from_tensor_slices((images, labels))
    if training:
        data = data.shuffle(len(labels)).map(augmented, 2)
        return data.batch(BATCH, drop_remainder=True).prefetch(4)
    return data.batch(500).map(
        lambda x, y: ({"image": tf.cast(x, "float32")}, {"label": y})
    )


class Budget(keras.callbacks.Callback):
    """One cycle of the learning rate over the time; ends with it.

    The time is what the process takes of its cores: work that others do on
    them meanwhile does not count.
    """

    def __init__(self, minutes, peak, validation):
        super().__init__()
        self.seconds = minutes * 60
        self.peak = peak
        self.validation = validation
        self.curve = []

    def used(self):
        return (time.process_time() - self.start) / CORES - self.aside

    def on_train_begin(self, logs=None):
        self.start, self.aside = time.process_time(), 0.0
        self.wall = time.perf_counter()

    def on_train_batch_begin(self, batch, logs=None):
        share = min(self.used() / self.seconds, 1.0)
        warm = 0.15
        rate = (
            share / warm
            if share < warm
            else 0.5 * (1 + math.cos(math.pi * (share - warm) / (1 - warm)))
        )
        self.model.optimizer.learning_rate = self.peak * max(rate, 1e-3)

    def on_train_batch_end(self, batch, logs=None):
        if self.used() >= self.seconds:
            self.model.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        before = self.used()
        answers = self.model.predict(self.validation, verbose=0)["label"]
        labels = np.concatenate([y["label"] for _, y in self.validation])
        point = {
            "epoch": epoch + 1,
            "minutes": before / 60,
            "training": logs["accuracy"],
            "validation": float((answers.argmax(-1) == labels).mean()),
        }
        self.curve.append(point)
        print(json.dumps(point), flush=True)
        self.aside += self.used() - before  # Watching is not training.


def train(name, minutes, peak, decay, precision, seed):
    """Trains one encoder; its curve, its test accuracy, what it took."""
    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(precision)
    images, labels = load("train")
    model = mm.models.late_fusion_model(
        {"image": ENCODERS[name]()},
        mm.decision.AverageDecision(),
        mm.tasks.Classification(list(CLASSES)),
    )
    optimizer = keras.optimizers.SGD(
        peak, momentum=0.9, nesterov=True, weight_decay=decay
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer, **mm.tasks.compile_arguments(model))
    held = batches(images[45_000:], labels[45_000:], training=False)
    budget = Budget(minutes, peak, held)
    model.fit(
        batches(images[:45_000], labels[:45_000], training=True),
        epochs=1000,
        callbacks=[budget],
        verbose=0,
    )
    wall = time.perf_counter() - budget.wall
    images, labels = load("test")
    answers = model.predict(batches(images, labels, training=False), verbose=0)[
        "label"
    ]
    test = float((answers.argmax(-1) == labels).mean())
    return model, budget.curve, test, wall


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=ENCODERS, default="image_resnet")
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--peak", type=float, default=0.2)
    parser.add_argument("--decay", type=float, default=5e-4)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    model, curve, test, wall = train(
        options.encoder,
        options.minutes,
        options.peak,
        options.decay,
        options.precision,
        options.seed,
    )
    half = 1.96 * math.sqrt(test * (1 - test) / 10_000)
    rows = "\n".join(
        f"| {p['epoch']} | {p['minutes']:.1f} | {p['training']:.4f} | "
        f"{p['validation']:.4f} |"
        for p in curve
    )
    name = options.encoder
    text = f"""# {name} on CIFAR-10

Written by `python -m benchmarks.cifar10 --encoder {name} --minutes
{options.minutes:g} --precision {options.precision}`: 45,000 pictures for
training, shifted and flipped, 5,000 for validation; the last weights are
taken, the test is read once. {model.count_params():,} parameters.

**Test accuracy {test:.4f}** ({test - half:.4f} to {test + half:.4f}, 95 %,
10,000 pictures), after {options.minutes:g} minutes of both cores, not counting
validation ({wall / 60:.0f} minutes by the clock, on cores that had other work).

| epoch | minutes | training | validation |
|---|---|---|---|
{rows}

SGD with Nesterov momentum 0.9, weight decay {options.decay:g}, batches of
{BATCH}, one cycle of the learning rate up to {options.peak:g}, seed
{options.seed}. mmfusion {mm.__version__}, Keras {keras.__version__},
TensorFlow {tf.__version__}, Python {platform.python_version()},
{os.cpu_count()} CPU cores ({platform.machine()}).
"""
    files.write_text(HERE / f"cifar10_{name}.md", text)
    print(text)


if __name__ == "__main__":
    main()
