"""`python -m benchmarks.conv_pool_block`: as good as the plain block, faster.

The same network from the same weights, batches and seeds, its blocks fused,
plain or of Keras' own layers: test accuracy over several seeds on `mnist`,
prepared by TensorFlow Datasets, and the time of a training step, in turns in
one process. Writes `conv_pool_block.md` beside this file.
"""

import argparse
import os
import pathlib
import statistics
import time

import keras
import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

import mmfusion as mm
from mmfusion import files
from mmfusion.layers import ConvPoolBlock

HERE = pathlib.Path(__file__).parent
SIDES = ("fused", "plain", "Keras")
BATCH = 64
# Of `image_cnn` and `audio_cnn`, as they are by default.
SHAPES = ((28, 28, 1), (32, 32, 3), (96, 96, 3), (50, 32, 1), (98, 64, 1))


def block(x, filters, side):
    """One block: ours in both ways, or of Keras' own layers."""
    if side != "Keras":
        return ConvPoolBlock(filters, implementation=side)(x)
    x = keras.layers.Conv2D(
        filters,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("relu")(x)
    return keras.layers.MaxPooling2D(2, padding="same")(x)


def network(shape, side):
    inputs = keras.Input(shape)
    x = keras.layers.Rescaling(1 / 255)(inputs)
    for filters in (16, 32, 64):
        x = block(x, filters, side)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10, activation="softmax")(x)
    return keras.Model(inputs, x)


def arrays(split, rows):
    data = tfds.as_numpy(
        tfds.load("mnist", split=f"{split}[:{rows}]", batch_size=-1)
    )
    return data["image"].astype("float32"), data["label"]


def measure(seed, side, train, test, epochs):
    """Test accuracy and last loss."""
    keras.utils.set_random_seed(seed)
    model = network(train[0].shape[1:], side)
    model.compile(
        "adam", "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(*train, batch_size=BATCH, epochs=epochs, verbose=0)
    _, accuracy = model.evaluate(*test, batch_size=500, verbose=0)
    return accuracy, history.history["loss"][-1]


def trainer(shape, side):
    """A function that runs some training steps."""
    keras.utils.set_random_seed(0)
    model = network(shape, side)
    model.compile("sgd", "sparse_categorical_crossentropy")
    random = np.random.default_rng(0)
    x = random.uniform(0, 255, (BATCH, *shape)).astype("float32")
    batch = tf.data.Dataset.from_tensors((x, random.integers(0, 10, BATCH)))
    iterator = iter(batch.cache().repeat().prefetch(2))
    model.make_train_function()

    def run(steps):
        for _ in range(steps):
            logs = model.train_function(iterator)  # What `fit` calls.
        return float(logs["loss"])

    return run


def speed(shape, rounds=11):
    """Milliseconds a step of each side, by turns."""
    runs = {side: trainer(shape, side) for side in SIDES}
    for run in runs.values():
        run(3)
    steps = max(4, round(4e6 / (BATCH * shape[0] * shape[1] * 10)))
    times = {side: [] for side in SIDES}
    for turn in range(rounds):
        for side in SIDES if turn % 2 else reversed(SIDES):
            begin = time.perf_counter()
            runs[side](steps)
            seconds = time.perf_counter() - begin
            times[side].append(1e3 * seconds / steps)
    return times


def speed_row(shape):
    times = speed(shape)
    cells = [f"{statistics.median(times[side]):.1f}" for side in SIDES]
    for side in SIDES[1:]:
        pairs = zip(times[side], times["fused"], strict=True)
        ratios = sorted(other / fused for other, fused in pairs)
        cells.append(
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to "
            f"{ratios[-1]:.2f})"
        )
    return f"| {' x '.join(map(str, shape))} | {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=12800)
    options = parser.parse_args()
    train, test = arrays("train", options.rows), arrays("test", 10_000)
    found = {side: [] for side in SIDES}
    for seed in range(options.seeds):
        for side in SIDES:
            found[side].append(measure(seed, side, train, test, options.epochs))
    lines = [
        "| blocks | test accuracy, seed by seed | mean | last training loss |",
        "|---|---|---|---|",
    ]
    for side, runs in found.items():
        accuracy, loss = zip(*runs, strict=True)
        lines.append(
            f"| {side} | {', '.join(f'{100 * x:.2f} %' for x in accuracy)} "
            f"| {100 * statistics.mean(accuracy):.2f} % "
            f"| {', '.join(f'{x:.4f}' for x in loss)} |"
        )
    spread = np.ptp([run[0] for runs in found.values() for run in runs])
    rows = [
        "| input | fused, ms | plain, ms | Keras, ms | plain / fused "
        "| Keras / fused |",
        "|---|---|---|---|---|---|",
        *map(speed_row, SHAPES),
    ]
    text = f"""# ConvPoolBlock: the same accuracy, in less time

Written by `python -m benchmarks.conv_pool_block`: three blocks (16, 32, 64
channels) on {len(train[0]):,} digits of `mnist`, {options.epochs} epochs of \
Adam, the whole test split.

{chr(10).join(lines)}

All runs lie within {100 * spread:.2f} points.

A training step of the same network, {BATCH} rows, float32: medians of 11 turns
in one process, ratios with their least and most. "plain" is the same layer with
`implementation="plain"`, "Keras" the chain of Keras' own layers.

{chr(10).join(rows)}

mmfusion {mm.__version__}, \
Keras {keras.__version__}.
"""
    files.write_text(HERE / "conv_pool_block.md", text)
    print(text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
